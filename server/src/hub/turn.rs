//! The output of one turn of the hub.

use std::sync::Arc;

use bytes::Bytes;
use shared::Timestamp;

use super::backlogs::Backlogs;
use crate::delivery::ConnectionHandle;
use crate::delivery::outbox::{Appended, Priority, Pushed};

/// The appends of one turn. The flusher writes to each connection once at its end.
pub struct Turn {
    /// The hub's clock in milliseconds.
    pub now: u64,
    /// Wall-clock time, for display.
    pub wall: Timestamp,
    /// Messages handed to connections since the start.
    pub deliveries: u64,
    /// Connections closed with 4008 since the start.
    pub overflows: u64,
    /// Connections with a large backlog.
    backlogs: Backlogs,
    due: Vec<Arc<ConnectionHandle>>,
}

impl Turn {
    pub fn new(now: u64, wall: Timestamp) -> Self {
        Self { now, wall, deliveries: 0, overflows: 0, backlogs: Backlogs::default(), due: Vec::new() }
    }

    /// Appends to one connection's outbox.
    pub fn append(&mut self, handle: &Arc<ConnectionHandle>, bytes: Bytes, priority: Priority) {
        let Appended { pushed, must_flush, must_watch } = handle.outbox.append(bytes, priority);
        if pushed == Pushed::Overflow {
            self.overflows += 1;
        }
        if must_flush {
            self.due.push(handle.clone());
        }
        if must_watch {
            self.backlogs.watch(handle.clone());
        }
    }

    /// Appends what concerns a connection outside of the rooms that it is subscribed to: after its `welcome`, and
    /// nothing to clients of the demo.
    pub fn tell(&mut self, handle: &Arc<ConnectionHandle>, bytes: &Bytes) {
        if !handle.is_demo() && handle.is_welcome_or_keep(bytes) {
            self.append(handle, bytes.clone(), Priority::Live);
        }
    }

    /// Cuts off slow consumers; called periodically.
    pub fn cut_slow(&mut self) {
        self.overflows += self.backlogs.cut_slow(self.now);
    }

    /// Writes everything that was appended, with one write per connection.
    pub fn flush(&mut self) {
        for handle in self.due.drain(..) {
            handle.outbox.flush();
        }
    }
}
