//! Clients in rooms that post and listen: the base of every scenario. Everything runs on one thread.

mod company;
mod cost;
mod member;
mod outcome;
mod poster;
mod receipts;

use std::cell::{Cell, RefCell};
use std::time::Instant;

use anyhow::Result;

use crate::corpus::Corpus;
use crate::dialect::{Dialect, Post};
use crate::measure::Histogram;
use crate::payload::{self, Key};

pub use company::{Company, Plan, attend};
pub use cost::{BUSY, Cost, Meter, is_limited_here};
pub use member::{Break, Member};
pub use outcome::Outcome;
pub use poster::Poster;

/// State shared by the clients of a run.
#[derive(Debug)]
pub struct Stage {
    pub dialect: Dialect,
    corpus: Corpus,
    client_message_ids: bool,
    /// Target size of a delivery in bytes, if texts are to be padded.
    delivery_bytes: Option<usize>,
    started: Instant,
    started_unix_millis: u64,
    /// By sender and number, when each post was made, in nanoseconds since the start.
    posted: RefCell<Vec<Vec<u64>>>,
    /// Latencies of the posts that were made between `measured_from` and `measured_to`.
    pub latency: RefCell<Histogram>,
    measured_from: Cell<u64>,
    measured_to: Cell<u64>,
    /// Whether other clients may be in the rooms too.
    pub with_others: Cell<bool>,
    /// Whether posters keep their windows full.
    pub open: Cell<bool>,
    /// Deliveries to all clients so far.
    pub deliveries: Cell<u64>,
    /// Their size on the wire, in bytes.
    pub delivered_bytes: Cell<u64>,
    /// When the last new delivery or ack came, in nanoseconds since the start.
    pub last: Cell<u64>,
}

impl Stage {
    /// Creates an empty stage. `delivery_bytes` pads texts so that deliveries have about that size.
    ///
    /// # Errors
    /// None in practice.
    pub fn new(dialect: Dialect, client_message_ids: bool, delivery_bytes: Option<usize>) -> Result<Self> {
        Ok(Self {
            dialect,
            corpus: Corpus::load()?,
            client_message_ids: client_message_ids && dialect == Dialect::Hiroba,
            delivery_bytes,
            started: Instant::now(),
            started_unix_millis: std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis() as u64,
            posted: RefCell::default(),
            latency: RefCell::default(),
            measured_from: Cell::new(0),
            measured_to: Cell::new(u64::MAX),
            with_others: Cell::new(false),
            open: Cell::new(false),
            deliveries: Cell::new(0),
            delivered_bytes: Cell::new(0),
            last: Cell::new(0),
        })
    }

    /// Nanoseconds since the start.
    #[inline]
    pub fn now(&self) -> u64 {
        self.started.elapsed().as_nanos() as u64
    }

    /// Records the latency of posts from now on, and forgets what was recorded before.
    pub fn measure_from_now(&self) {
        *self.latency.borrow_mut() = Histogram::default();
        self.measured_from.set(self.now());
        self.measured_to.set(u64::MAX);
    }

    /// Records the latency of posts until now only, including those still in flight.
    pub fn measure_until_now(&self) {
        self.measured_to.set(self.now());
    }

    /// Records that a post reached one of its readers.
    #[inline]
    fn delivered(&self, key: Key, now: u64) {
        let posted = self.posted.borrow();
        let Some(&at) = posted.get(key.sender as usize).and_then(|of| of.get(key.number as usize)) else {
            return;
        };
        if at >= self.measured_from.get() && at < self.measured_to.get() {
            self.latency.borrow_mut().record(now.saturating_sub(at));
        }
    }

    /// Returns the text of a post with its key at the front, escaped for JSON.
    fn text(&self, room: &str, key: Key) -> Vec<u8> {
        let mut text = Vec::with_capacity(256);
        payload::write_key(&mut text, key);
        let bytes = self.delivery_bytes.map(|bytes| bytes.saturating_sub(self.dialect.overhead(room)));
        self.corpus.write_text(&mut text, key.sender, key.number, bytes);
        text
    }

    /// Whether a frame contains the text of a post as it was posted, however the server escapes it.
    fn is_verbatim(&self, frame: &[u8], room: &str, key: Key) -> bool {
        let text = self.text(room, key);
        payload::holds(frame, &text) || payload::says(frame, &text)
    }

    /// Appends the request that posts the next message of a sender, made at `at` nanoseconds.
    fn write_post(&self, out: &mut Vec<u8>, room: &str, key: Key, at: u64) {
        let mut posted = self.posted.borrow_mut();
        let senders = posted.len().max(key.sender as usize + 1);
        posted.resize_with(senders, Vec::new);
        posted[key.sender as usize].push(at);
        let text = self.text(room, key);
        let client_message_id = self.client_message_ids.then(|| {
            let mut random = [0; 10];
            random[..2].copy_from_slice(&(self.started_unix_millis as u16).to_be_bytes());
            random[2..6].copy_from_slice(&key.sender.to_be_bytes());
            random[6..].copy_from_slice(&key.number.to_be_bytes());
            let millis = self.started_unix_millis + at / 1_000_000;
            uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
        });
        self.dialect.write_post(out, &Post { room, key, text: &text, client_message_id });
    }
}
