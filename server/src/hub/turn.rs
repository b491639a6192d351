//! What one turn of the hub has to send.

use std::sync::Arc;

use bytes::Bytes;
use shared::Timestamp;

use super::backlogs::Backlogs;
use super::link::Link;
use super::outbox::{Appended, Kind, Pushed};

/// Appends of one turn; the flusher writes each connection once at its end.
pub struct Turn {
    /// The hub's clock in milliseconds.
    pub now: u64,
    /// The time to show people.
    pub wall: Timestamp,
    /// Messages handed to connections since the start.
    pub deliveries: u64,
    /// Connections cut off with 4008 since the start.
    pub overflows: u64,
    /// Connections for which much waits.
    backlogs: Backlogs,
    due: Vec<Arc<Link>>,
}

impl Turn {
    /// Nothing to send yet.
    pub fn new(now: u64, wall: Timestamp) -> Self {
        Self { now, wall, deliveries: 0, overflows: 0, backlogs: Backlogs::default(), due: Vec::new() }
    }

    /// Appends to one connection.
    pub fn append(&mut self, link: &Arc<Link>, bytes: Bytes, kind: Kind) {
        let Appended { pushed, must_flush, must_watch } = link.outbox.append(bytes, kind);
        if pushed == Pushed::Overflow {
            self.overflows += 1;
        }
        if must_flush {
            self.due.push(link.clone());
        }
        if must_watch {
            self.backlogs.watch(link.clone());
        }
    }

    /// From time to time: cuts off those whose socket does not take.
    pub fn cut_slow(&mut self) {
        self.overflows += self.backlogs.cut_slow(self.now);
    }

    /// Writes everything that was appended, one write for each connection.
    pub fn flush(&mut self) {
        for link in self.due.drain(..) {
            link.outbox.flush();
        }
    }
}
