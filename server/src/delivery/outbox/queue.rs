//! The pieces queued for one socket.

use std::collections::VecDeque;
use std::io;

use bytes::Bytes;

use super::{Bounds, Flushed, Priority, Pushed};
use crate::delivery::encode;
use crate::delivery::socket::TryWrite;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// The close frame is the last piece in the queue.
    Closing,
    /// Nothing more can be written.
    Broken,
}

/// The queued pieces in order, and their socket.
pub(super) struct Queue {
    socket: Box<dyn TryWrite>,
    bounds: &'static Bounds,
    pieces: VecDeque<(Bytes, Priority)>,
    /// Bytes of the first piece that are already written.
    written: usize,
    pub(super) queued_bytes: usize,
    /// The part of `queued_bytes` that is live events; the rest is answers.
    pub(super) live_bytes: usize,
    /// Live bytes appended since the connection began.
    pub(super) live_appended: u64,
    pub(super) state: State,
    /// The connection's task is waiting for the socket; no other task writes meanwhile.
    pub(super) blocked: bool,
    /// A flush is due: the connection is in the hub's list for this turn.
    pub(super) due: bool,
    /// The backlog is being polled.
    pub(super) watched: bool,
}

impl Queue {
    pub(super) fn new(socket: Box<dyn TryWrite>, bounds: &'static Bounds) -> Self {
        Self {
            socket,
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

    /// Queued bytes of answers.
    pub(super) fn answers(&self) -> usize {
        self.queued_bytes - self.live_bytes
    }

    /// Whether the queue may take this many more bytes of this priority.
    pub(super) fn fits(&self, bytes: usize, priority: Priority) -> bool {
        match priority {
            Priority::Ephemeral => self.live_bytes + bytes <= self.bounds.ephemeral,
            Priority::Live => {
                self.live_bytes + bytes <= self.bounds.live && self.pieces.len() < self.bounds.pieces
            }
            Priority::Answer => true,
        }
    }

    pub(super) fn append(&mut self, bytes: Bytes, priority: Priority) -> Pushed {
        if self.state != State::Open || !self.fits(bytes.len(), priority) {
            return Pushed::Dropped;
        }
        if priority != Priority::Answer {
            self.live_bytes += bytes.len();
            self.live_appended += bytes.len() as u64;
        }
        self.queued_bytes += bytes.len();
        self.pieces.push_back((bytes, priority));
        Pushed::Queued
    }

    pub(super) fn close(&mut self, code: impl Into<u16>, reason: &str) {
        if self.state == State::Open {
            let frame = encode::close(code, reason);
            self.queued_bytes += frame.len();
            self.pieces.push_back((frame, Priority::Answer));
            self.state = State::Closing;
        }
    }

    /// Drops all pieces but a partly written one, without which the stream would be cut inside a frame.
    pub(super) fn drop_unsent(&mut self) {
        let partial = if self.written > 0 { self.pieces.pop_front() } else { None };
        let written = self.written;
        self.clear();
        if let Some((bytes, priority)) = partial {
            self.written = written;
            self.queued_bytes = bytes.len() - written;
            if priority != Priority::Answer {
                self.live_bytes = self.queued_bytes;
            }
            self.pieces.push_back((bytes, priority));
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
        match self.socket.try_flush() {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Flushed::Blocked,
            Err(_) => return self.broken(),
        }
        if self.state == State::Closing { self.broken() } else { Flushed::Empty }
    }

    fn broken(&mut self) -> Flushed {
        self.clear();
        self.state = State::Broken;
        Flushed::Finished
    }

    /// Performs one write. Small pieces are copied together, because one buffer is cheaper for the kernel than many.
    fn write_once(&mut self) -> io::Result<usize> {
        const GATHER: usize = 32 * 1024;
        let first = &self.pieces[0].0[self.written..];
        if self.pieces.len() == 1 || first.len() >= GATHER {
            return self.socket.try_write(first);
        }
        let mut gathered = Vec::with_capacity(self.queued_bytes.min(2 * GATHER));
        gathered.extend_from_slice(first);
        for (piece, _) in self.pieces.iter().skip(1) {
            if gathered.len() + piece.len() > 2 * GATHER {
                break;
            }
            gathered.extend_from_slice(piece);
        }
        self.socket.try_write(&gathered)
    }

    fn consume(&mut self, mut count: usize) {
        self.queued_bytes -= count;
        while let Some((piece, priority)) = self.pieces.front() {
            let left = piece.len() - self.written;
            let taken = left.min(count);
            if *priority != Priority::Answer {
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
