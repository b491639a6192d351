//! What waits to be written to one connection, bounded in bytes and pieces.
//!
//! The hub and the connection's own task append shared bytes; whoever appended writes at once what the socket
//! takes. Only when the socket is full is the connection's task woken, to go on when there is room again. A bound is
//! held against whoever does not take, never against bytes that the socket was not offered yet.

mod queue;

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use shared::CloseCode;
use shared::limits::{
    EPHEMERAL_QUEUE_BYTES, LIVE_QUEUE_BYTES, LIVE_QUEUE_MOST_BYTES, LIVE_QUEUE_MOST_PIECES, PAGE_BYTES,
};
use tokio::sync::Notify;

use queue::{Queue, State};

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
    /// Live events: when too many wait, the connection is closed with 4008 and may resume.
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

/// What may wait for one connection.
#[derive(Debug)]
pub struct Bounds {
    /// Live bytes, before typing and presence are dropped.
    pub ephemeral: usize,
    /// Live bytes at any moment.
    pub live: usize,
    /// Pieces at any moment.
    pub pieces: usize,
}

/// What the protocol says.
static BOUNDS: Bounds =
    Bounds { ephemeral: EPHEMERAL_QUEUE_BYTES, live: LIVE_QUEUE_MOST_BYTES, pieces: LIVE_QUEUE_MOST_PIECES };

/// What an append asks of whoever made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// What became of the bytes.
    pub pushed: Pushed,
    /// The caller must see to a [`flush`](Outbox::flush): true for the first append since the last one.
    pub must_flush: bool,
    /// The caller must look at the [`backlog`](Outbox::backlog) from time to time, until there is none.
    pub must_watch: bool,
}

/// More than [`LIVE_QUEUE_BYTES`] of live events wait. Both numbers count from the beginning of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Live bytes that the socket took.
    pub taken: u64,
    /// Live bytes that were appended.
    pub appended: u64,
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

/// The bounded queue in front of one socket.
pub struct Outbox {
    inner: Mutex<Queue>,
    /// Wakes the connection's task: the socket is full, or the connection is closing.
    attention: Notify,
    /// Wakes the reader that waits until its answers are written.
    drained: Notify,
}

impl Outbox {
    /// An empty queue in front of `transport`.
    pub fn new(transport: Box<dyn Transport>) -> Self {
        Self::with_bounds(transport, &BOUNDS)
    }

    /// [`Self::new`] with bounds of one's own.
    pub fn with_bounds(transport: Box<dyn Transport>, bounds: &'static Bounds) -> Self {
        let inner = Mutex::new(Queue::new(transport, bounds));
        Self { inner, attention: Notify::new(), drained: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends. Writes only when the bytes would not fit otherwise.
    pub fn append(&self, bytes: Bytes, kind: Kind) -> Appended {
        let mut inner = self.lock();
        let pushed = self.push(&mut inner, bytes, kind);
        let must_flush =
            pushed != Pushed::Dropped && !inner.blocked && !std::mem::replace(&mut inner.due, true);
        let must_watch = inner.live_bytes > LIVE_QUEUE_BYTES && !std::mem::replace(&mut inner.watched, true);
        Appended { pushed, must_flush, must_watch }
    }

    /// Appends and writes at once what the socket takes.
    pub fn send(&self, bytes: Bytes, kind: Kind) -> Pushed {
        let mut inner = self.lock();
        let pushed = self.push(&mut inner, bytes, kind);
        self.offer(&mut inner);
        pushed
    }

    /// Writes what waits, unless the connection's task is waiting for the socket already.
    pub fn flush(&self) {
        self.offer(&mut self.lock());
    }

    fn push(&self, inner: &mut Queue, bytes: Bytes, kind: Kind) -> Pushed {
        if !inner.fits(bytes.len(), kind) && (kind == Kind::Live || !inner.blocked) {
            // What the socket was not offered yet says nothing about the reader.
            self.write(inner);
        }
        if kind == Kind::Live && inner.state == State::Open && !inner.fits(bytes.len(), kind) {
            self.cut(inner);
            return Pushed::Overflow;
        }
        inner.append(bytes, kind)
    }

    fn offer(&self, inner: &mut Queue) {
        inner.due = false;
        if !inner.blocked {
            self.write(inner);
        }
    }

    fn write(&self, inner: &mut Queue) {
        let flushed = inner.write();
        inner.blocked = flushed == Flushed::Blocked;
        if flushed == Flushed::Empty {
            self.drained.notify_one();
        } else {
            self.attention.notify_one();
        }
    }

    fn cut(&self, inner: &mut Queue) {
        if inner.state != State::Open {
            return;
        }
        inner.drop_unsent();
        inner.close(CloseCode::SlowConsumer, "too slow in reading; resume");
        self.attention.notify_one();
    }

    /// Offers the socket what waits, and tells how it gets on with much. None: it need not be looked at until an append
    /// says so again.
    pub fn backlog(&self) -> Option<Backlog> {
        let mut inner = self.lock();
        self.write(&mut inner);
        inner.watched = inner.state == State::Open && inner.live_bytes > LIVE_QUEUE_BYTES;
        let appended = inner.live_appended;
        inner.watched.then(|| Backlog { taken: appended - inner.live_bytes as u64, appended })
    }

    /// The socket does not take: closes the connection with 4008 and lets go what nobody will read.
    pub fn cut_off(&self) {
        let mut inner = self.lock();
        self.cut(&mut inner);
        self.offer(&mut inner);
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
        let mut inner = self.lock();
        inner.close(code, reason);
        self.offer(&mut inner);
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

#[cfg(test)]
mod tests;
