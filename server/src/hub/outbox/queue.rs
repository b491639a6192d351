//! The pieces that wait for one socket.

use std::collections::VecDeque;
use std::io;

use bytes::Bytes;

use super::{Bounds, Flushed, Kind, Pushed, Transport};
use crate::hub::wire;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// The close frame is the last one in the queue.
    Closing,
    /// Nothing more can be written.
    Broken,
}

/// Pieces in their order, and the socket they go to.
pub(super) struct Queue {
    transport: Box<dyn Transport>,
    bounds: &'static Bounds,
    pieces: VecDeque<(Bytes, Kind)>,
    /// Bytes of the first piece that are written already.
    written: usize,
    pub(super) queued_bytes: usize,
    /// Of these, bytes of live events; the others are answers.
    pub(super) live_bytes: usize,
    /// Live bytes since the beginning.
    pub(super) live_appended: u64,
    pub(super) state: State,
    /// The connection's task waits for the socket; nobody else writes meanwhile.
    pub(super) blocked: bool,
    /// Somebody will flush: the connection stands in the hub's list of this turn.
    pub(super) due: bool,
    /// Somebody looks at the backlog.
    pub(super) watched: bool,
}

impl Queue {
    pub(super) fn new(transport: Box<dyn Transport>, bounds: &'static Bounds) -> Self {
        Self {
            transport,
            bounds,
            pieces: VecDeque::new(),
            written: 0,
            queued_bytes: 0,
            live_bytes: 0,
            live_appended: 0,
            state: State::Open,
            blocked: false,
            due: false,
            watched: false,
        }
    }

    /// Bytes of answers that wait.
    pub(super) fn answers(&self) -> usize {
        self.queued_bytes - self.live_bytes
    }

    /// Whether bytes of this kind may wait beside those that do.
    pub(super) fn fits(&self, bytes: usize, kind: Kind) -> bool {
        match kind {
            Kind::Ephemeral => self.live_bytes + bytes <= self.bounds.ephemeral,
            Kind::Live => {
                self.live_bytes + bytes <= self.bounds.live && self.pieces.len() < self.bounds.pieces
            }
            Kind::Answer => true,
        }
    }

    pub(super) fn append(&mut self, bytes: Bytes, kind: Kind) -> Pushed {
        if self.state != State::Open || !self.fits(bytes.len(), kind) {
            return Pushed::Dropped;
        }
        if kind != Kind::Answer {
            self.live_bytes += bytes.len();
            self.live_appended += bytes.len() as u64;
        }
        self.queued_bytes += bytes.len();
        self.pieces.push_back((bytes, kind));
        Pushed::Queued
    }

    pub(super) fn close(&mut self, code: impl Into<u16>, reason: &str) {
        if self.state == State::Open {
            let frame = wire::close(code, reason);
            self.queued_bytes += frame.len();
            self.pieces.push_back((frame, Kind::Answer));
            self.state = State::Closing;
        }
    }

    /// Keeps only a piece that is partly written, without which the stream would be cut inside a frame.
    pub(super) fn drop_unsent(&mut self) {
        let partial = if self.written > 0 { self.pieces.pop_front() } else { None };
        let written = self.written;
        self.clear();
        if let Some((bytes, kind)) = partial {
            self.written = written;
            self.queued_bytes = bytes.len() - written;
            if kind != Kind::Answer {
                self.live_bytes = self.queued_bytes;
            }
            self.pieces.push_back((bytes, kind));
        }
    }

    pub(super) fn clear(&mut self) {
        self.pieces = VecDeque::new();
        self.written = 0;
        self.queued_bytes = 0;
        self.live_bytes = 0;
    }

    pub(super) fn write(&mut self) -> Flushed {
        if self.state == State::Broken {
            return Flushed::Finished;
        }
        while !self.pieces.is_empty() {
            match self.write_once() {
                Ok(0) => return self.broken(),
                Ok(count) => self.consume(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Flushed::Blocked,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return self.broken(),
            }
        }
        // An idle connection keeps no buffer.
        self.pieces = VecDeque::new();
        if self.state == State::Closing { self.broken() } else { Flushed::Empty }
    }

    fn broken(&mut self) -> Flushed {
        self.clear();
        self.state = State::Broken;
        Flushed::Finished
    }

    /// One write: contiguous where pieces are small, because the kernel takes one buffer cheaper than many.
    fn write_once(&mut self) -> io::Result<usize> {
        const GATHER: usize = 32 * 1024;
        let first = &self.pieces[0].0[self.written..];
        if self.pieces.len() == 1 || first.len() >= GATHER {
            return self.transport.try_write(first);
        }
        let mut gathered = Vec::with_capacity(self.queued_bytes.min(2 * GATHER));
        gathered.extend_from_slice(first);
        for (piece, _) in self.pieces.iter().skip(1) {
            if gathered.len() + piece.len() > 2 * GATHER {
                break;
            }
            gathered.extend_from_slice(piece);
        }
        self.transport.try_write(&gathered)
    }

    fn consume(&mut self, mut count: usize) {
        self.queued_bytes -= count;
        while let Some((piece, kind)) = self.pieces.front() {
            let left = piece.len() - self.written;
            let taken = left.min(count);
            if *kind != Kind::Answer {
                self.live_bytes -= taken;
            }
            count -= taken;
            if taken < left {
                self.written += taken;
                return;
            }
            self.written = 0;
            self.pieces.pop_front();
        }
    }
}
