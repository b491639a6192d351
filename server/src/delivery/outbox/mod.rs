//! The outgoing queue of one connection, bounded in bytes and pieces.
//!
//! The hub and the connection's own task append shared bytes; the appender writes immediately what the socket accepts.
//! Only when the socket is full is the connection's task woken, to continue once it is writable. Bounds are enforced
//! against a peer that does not read, never for bytes that the socket was not offered yet.

mod queue;

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use shared::CloseCode;
use shared::limits::{
    EPHEMERAL_QUEUE_BYTES, LIVE_QUEUE_BYTES, LIVE_QUEUE_MOST_BYTES, LIVE_QUEUE_MOST_PIECES, PAGE_BYTES,
};
use tokio::sync::Notify;

use super::socket::TryWrite;
use queue::{Queue, State};

/// How a frame is treated when the queue is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Typing and presence: not queued beyond half of [`LIVE_QUEUE_BYTES`]; losing one does no harm.
    Ephemeral,
    /// Live events: on overflow the connection is closed with 4008 and may resume.
    Live,
    /// Answers to the connection's own requests, and control frames: the reader bounds their number.
    Answer,
}

/// The result of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// The bytes are queued.
    Queued,
    /// The bytes were dropped: ephemeral and too many, or the connection is closing.
    Dropped,
    /// The bytes did not fit; the connection is being closed with 4008.
    Overflow,
}

/// Bounds of the queue of one connection.
#[derive(Debug)]
pub struct Bounds {
    /// Live bytes above which typing and presence are dropped.
    pub ephemeral: usize,
    /// Live bytes at any moment.
    pub live: usize,
    /// Pieces at any moment.
    pub pieces: usize,
}

/// The bounds of the protocol.
static BOUNDS: Bounds =
    Bounds { ephemeral: EPHEMERAL_QUEUE_BYTES, live: LIVE_QUEUE_MOST_BYTES, pieces: LIVE_QUEUE_MOST_PIECES };

/// The result of an append, and what the caller has to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    pub pushed: Pushed,
    /// The caller must [`flush`](Outbox::flush): set by the first append since the last flush.
    pub must_flush: bool,
    /// The caller must poll the [`backlog`](Outbox::backlog) from time to time, until there is none.
    pub must_watch: bool,
}

/// A queue with more than [`LIVE_QUEUE_BYTES`] of live events. Both numbers are totals since the connection began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Live bytes that the socket accepted.
    pub taken: u64,
    /// Live bytes that were appended.
    pub appended: u64,
}

/// The state of the queue after a flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flushed {
    /// Everything is written.
    Empty,
    /// The socket is full; write again when it is writable.
    Blocked,
    /// The close frame is written, or the connection is broken: nothing more will be written.
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
    /// Creates an empty queue in front of `socket`.
    pub fn new(socket: Box<dyn TryWrite>) -> Self {
        Self::with_bounds(socket, &BOUNDS)
    }

    /// Like [`Self::new`], with custom bounds.
    pub fn with_bounds(socket: Box<dyn TryWrite>, bounds: &'static Bounds) -> Self {
        let inner = Mutex::new(Queue::new(socket, bounds));
        Self { inner, attention: Notify::new(), drained: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends. Writes only if the bytes would not fit otherwise.
    pub fn append(&self, bytes: Bytes, priority: Priority) -> Appended {
        let mut inner = self.lock();
        let pushed = self.push(&mut inner, bytes, priority);
        let must_flush =
            pushed != Pushed::Dropped && !inner.blocked && !std::mem::replace(&mut inner.due, true);
        let must_watch = inner.live_bytes > LIVE_QUEUE_BYTES && !std::mem::replace(&mut inner.watched, true);
        Appended { pushed, must_flush, must_watch }
    }

    /// Appends, and writes immediately what the socket accepts.
    pub fn send(&self, bytes: Bytes, priority: Priority) -> Pushed {
        let mut inner = self.lock();
        let pushed = self.push(&mut inner, bytes, priority);
        self.offer(&mut inner);
        pushed
    }

    /// Writes what is queued, unless the connection's task is already waiting for the socket.
    pub fn flush(&self) {
        self.offer(&mut self.lock());
    }

    fn push(&self, inner: &mut Queue, bytes: Bytes, priority: Priority) -> Pushed {
        if !inner.fits(bytes.len(), priority) && (priority == Priority::Live || !inner.blocked) {
            // Bytes that the socket was not offered yet say nothing about the reader.
            self.write(inner);
        }
        if priority == Priority::Live && inner.state == State::Open && !inner.fits(bytes.len(), priority) {
            self.cut(inner);
            return Pushed::Overflow;
        }
        inner.append(bytes, priority)
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

    /// Writes what the socket accepts and returns the remaining backlog. `None`: no need to poll until an append asks
    /// for it again.
    pub fn backlog(&self) -> Option<Backlog> {
        let mut inner = self.lock();
        self.write(&mut inner);
        inner.watched = inner.state == State::Open && inner.live_bytes > LIVE_QUEUE_BYTES;
        let appended = inner.live_appended;
        inner.watched.then(|| Backlog { taken: appended - inner.live_bytes as u64, appended })
    }

    /// Closes a slow consumer with 4008 and drops what it will not read.
    pub fn cut_off(&self) {
        let mut inner = self.lock();
        self.cut(&mut inner);
        self.offer(&mut inner);
    }

    /// Writes what is queued; called by the connection's task when the socket is writable.
    pub fn resume(&self) -> Flushed {
        let mut inner = self.lock();
        let flushed = inner.write();
        inner.blocked = flushed == Flushed::Blocked;
        if inner.answers() < PAGE_BYTES {
            self.drained.notify_one();
        }
        flushed
    }

    /// Resolves when the connection's task has to call [`Self::resume`].
    pub async fn attention(&self) {
        self.attention.notified().await;
    }

    /// Resolves when less than one page of answers is queued, so that another may be made. Backpressure: stop reading
    /// from a client that does not read its answers.
    pub async fn has_room(&self) {
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

    pub fn queued_bytes(&self) -> usize {
        self.lock().queued_bytes
    }

    /// Whether a close frame was queued, or the connection broke.
    pub fn is_closing(&self) -> bool {
        self.lock().state != State::Open
    }

    /// Closes the connection: writes what is queued, then the close frame. Later appends are dropped.
    pub fn close(&self, code: impl Into<u16>, reason: &str) {
        let mut inner = self.lock();
        inner.close(code, reason);
        self.offer(&mut inner);
    }

    /// Aborts the connection: nothing more is written.
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
