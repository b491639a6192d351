//! What waits to be written to one connection, bounded in bytes.
//!
//! The hub and the connection's own task append shared bytes; whoever appended writes at once what the socket
//! takes. Only when the socket is full is the connection's task woken, to go on when there is room again.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use shared::CloseCode;
use shared::limits::{EPHEMERAL_QUEUE_BYTES, LIVE_QUEUE_BYTES, PAGE_BYTES};
use tokio::sync::Notify;

use super::wire;

/// The writing half of a connection: plain TCP, or a TLS stream with its own state.
pub trait Transport: Send {
    /// Writes some of `bytes` without waiting.
    ///
    /// # Errors
    /// `WouldBlock` when nothing can be taken now; anything else means that the connection is broken.
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize>;
}

/// What is lost when a queue is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Typing and presence: not queued beyond half of the limit, and never missed.
    Ephemeral,
    /// Live events: beyond the limit the connection is closed with 4008 and may resume.
    Live,
    /// Answers to the connection's own requests and control frames: their number is bounded by the reader.
    Answer,
}

/// What became of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// They wait to be written.
    Queued,
    /// They were dropped: ephemeral and too many, or the connection is closing.
    Dropped,
    /// They did not fit; the connection is being closed with 4008.
    Overflow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The close frame is the last one in the queue.
    Closing,
    /// Nothing more can be written.
    Broken,
}

/// How the queue stands after a flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flushed {
    /// Everything is written.
    Empty,
    /// The socket is full; write again when it is writable.
    Blocked,
    /// The close frame is written, or the connection is broken: nothing more will be.
    Finished,
}

struct Inner {
    transport: Box<dyn Transport>,
    queue: VecDeque<(Bytes, Kind)>,
    /// Bytes of the first piece that are written already.
    written: usize,
    queued_bytes: usize,
    /// Of these, bytes of live events; the others are answers.
    live_bytes: usize,
    state: State,
    /// The connection's task waits for the socket; nobody else writes meanwhile.
    blocked: bool,
    /// Somebody will flush: the connection stands in the hub's list of this turn.
    due: bool,
}

/// The bounded queue in front of one socket.
pub struct Outbox {
    inner: Mutex<Inner>,
    /// Wakes the connection's task: the socket is full, or the connection is closing.
    attention: Notify,
    /// Wakes the reader that waits until its answers are written.
    drained: Notify,
}

impl Outbox {
    /// An empty queue in front of `transport`.
    pub fn new(transport: Box<dyn Transport>) -> Self {
        Self {
            inner: Mutex::new(Inner {
                transport,
                queue: VecDeque::new(),
                written: 0,
                queued_bytes: 0,
                live_bytes: 0,
                state: State::Open,
                blocked: false,
                due: false,
            }),
            attention: Notify::new(),
            drained: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends without writing. The second value says whether the caller must see to a [`flush`](Self::flush):
    /// true for the first append since the last one.
    pub fn append(&self, bytes: Bytes, kind: Kind) -> (Pushed, bool) {
        let mut inner = self.lock();
        let pushed = inner.append(bytes, kind);
        if pushed == Pushed::Overflow {
            self.attention.notify_one();
        }
        let must_flush =
            pushed != Pushed::Dropped && !inner.blocked && !std::mem::replace(&mut inner.due, true);
        (pushed, must_flush)
    }

    /// Appends and writes at once what the socket takes.
    pub fn send(&self, bytes: Bytes, kind: Kind) -> Pushed {
        let pushed = self.lock().append(bytes, kind);
        if pushed == Pushed::Overflow {
            self.attention.notify_one();
        }
        self.flush();
        pushed
    }

    /// Writes what waits, unless the connection's task is waiting for the socket already.
    pub fn flush(&self) {
        let mut inner = self.lock();
        inner.due = false;
        if inner.blocked {
            return;
        }
        match inner.write() {
            Flushed::Empty => self.drained.notify_one(),
            Flushed::Blocked => {
                inner.blocked = true;
                self.attention.notify_one();
            }
            Flushed::Finished => self.attention.notify_one(),
        }
    }

    /// Writes what waits; for the connection's task, after the socket said that it is writable.
    pub fn resume(&self) -> Flushed {
        let mut inner = self.lock();
        let flushed = inner.write();
        inner.blocked = flushed == Flushed::Blocked;
        if inner.answers() < PAGE_BYTES {
            self.drained.notify_one();
        }
        flushed
    }

    /// Resolves when the connection's task has something to do: see [`Self::resume`].
    pub async fn attention(&self) {
        self.attention.notified().await;
    }

    /// Resolves when less than one page of answers waits, so that another one may be made. Whoever does not read
    /// the answers is not read from either.
    pub async fn drained(&self) {
        loop {
            {
                let inner = self.lock();
                if inner.answers() < PAGE_BYTES || inner.state == State::Broken {
                    return;
                }
            }
            self.drained.notified().await;
        }
    }

    /// Bytes that wait.
    pub fn queued_bytes(&self) -> usize {
        self.lock().queued_bytes
    }

    /// Whether a close frame was queued, or the connection broke.
    pub fn is_closing(&self) -> bool {
        self.lock().state != State::Open
    }

    /// Says goodbye: what waits is still written, then the close frame. Later appends are dropped.
    pub fn close(&self, code: impl Into<u16>, reason: &str) {
        self.lock().close(code, reason);
        self.flush();
    }

    /// Gives up: nothing more is written.
    pub fn break_off(&self) {
        let mut inner = self.lock();
        inner.clear();
        inner.state = State::Broken;
        self.attention.notify_one();
        self.drained.notify_one();
    }
}

impl Inner {
    fn answers(&self) -> usize {
        self.queued_bytes - self.live_bytes
    }

    fn append(&mut self, bytes: Bytes, kind: Kind) -> Pushed {
        if self.state != State::Open {
            return Pushed::Dropped;
        }
        match kind {
            Kind::Ephemeral if self.live_bytes + bytes.len() > EPHEMERAL_QUEUE_BYTES => {
                return Pushed::Dropped;
            }
            Kind::Live if self.live_bytes + bytes.len() > LIVE_QUEUE_BYTES => {
                self.drop_unsent();
                self.close(CloseCode::SlowConsumer, "too slow in reading; resume");
                return Pushed::Overflow;
            }
            Kind::Ephemeral | Kind::Live => self.live_bytes += bytes.len(),
            Kind::Answer => {}
        }
        self.queued_bytes += bytes.len();
        self.queue.push_back((bytes, kind));
        Pushed::Queued
    }

    fn close(&mut self, code: impl Into<u16>, reason: &str) {
        if self.state == State::Open {
            let frame = wire::close(code, reason);
            self.queued_bytes += frame.len();
            self.queue.push_back((frame, Kind::Answer));
            self.state = State::Closing;
        }
    }

    /// Keeps only a piece that is partly written, without which the stream would be cut inside a frame.
    fn drop_unsent(&mut self) {
        let partial = if self.written > 0 { self.queue.pop_front() } else { None };
        let written = self.written;
        self.clear();
        if let Some((bytes, kind)) = partial {
            self.written = written;
            self.queued_bytes = bytes.len() - written;
            if kind != Kind::Answer {
                self.live_bytes = self.queued_bytes;
            }
            self.queue.push_back((bytes, kind));
        }
    }

    fn clear(&mut self) {
        self.queue = VecDeque::new();
        self.written = 0;
        self.queued_bytes = 0;
        self.live_bytes = 0;
    }

    fn write(&mut self) -> Flushed {
        if self.state == State::Broken {
            return Flushed::Finished;
        }
        while !self.queue.is_empty() {
            match self.write_once() {
                Ok(0) => return self.broken(),
                Ok(count) => self.consume(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Flushed::Blocked,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return self.broken(),
            }
        }
        // An idle connection keeps no buffer.
        self.queue = VecDeque::new();
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
        let first = &self.queue[0].0[self.written..];
        if self.queue.len() == 1 || first.len() >= GATHER {
            return self.transport.try_write(first);
        }
        let mut gathered = Vec::with_capacity(self.queued_bytes.min(2 * GATHER));
        gathered.extend_from_slice(first);
        for (piece, _) in self.queue.iter().skip(1) {
            if gathered.len() + piece.len() > 2 * GATHER {
                break;
            }
            gathered.extend_from_slice(piece);
        }
        self.transport.try_write(&gathered)
    }

    fn consume(&mut self, mut count: usize) {
        self.queued_bytes -= count;
        while let Some((piece, kind)) = self.queue.front() {
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
            self.queue.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
