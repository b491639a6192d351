//! Detection of slow consumers: those whose sockets leave data waiting, no matter how much was sent at once.

use std::sync::Arc;

use shared::limits::{LIVE_QUEUE_BYTES, SLOW_MILLIS, STALLED_MILLIS};

use crate::delivery::ConnectionHandle;
use crate::delivery::outbox::Backlog;

struct Watched {
    handle: Arc<ConnectionHandle>,
    /// When progress was last observed, and the backlog at that time.
    moved: Option<(u64, Backlog)>,
    /// The start of the current [`SLOW_MILLIS`] window, and the backlog at that time.
    past: Option<(u64, Backlog)>,
}

impl Watched {
    /// Whether the socket does not accept what it is offered.
    fn is_slow(&mut self, backlog: Backlog, now: u64) -> bool {
        match self.moved {
            Some((at, before)) if before.taken == backlog.taken => {
                if now >= at + STALLED_MILLIS {
                    return true;
                }
            }
            Some(_) | None => self.moved = Some((now, backlog)),
        }
        match self.past {
            Some((at, _)) if now < at + SLOW_MILLIS => false,
            Some((_, past)) if backlog.taken + (LIVE_QUEUE_BYTES as u64) < past.appended => true,
            Some(_) | None => {
                self.past = Some((now, backlog));
                false
            }
        }
    }
}

/// Connections with more than [`LIVE_QUEUE_BYTES`] of live events queued, now or at the last check.
#[derive(Default)]
pub struct Backlogs(Vec<Watched>);

impl Backlogs {
    /// Starts to watch a connection.
    pub fn watch(&mut self, handle: Arc<ConnectionHandle>) {
        self.0.push(Watched { handle, moved: None, past: None });
    }

    /// Cuts off the connections that accepted nothing for [`STALLED_MILLIS`], or that left more than
    /// [`LIVE_QUEUE_BYTES`] of what was queued [`SLOW_MILLIS`] ago. Returns their number.
    pub fn cut_slow(&mut self, now: u64) -> u64 {
        let mut cut = 0;
        self.0.retain_mut(|watched| {
            let Some(backlog) = watched.handle.outbox.backlog() else { return false };
            if watched.is_slow(backlog, now) {
                watched.handle.outbox.cut_off();
                cut += 1;
                return false;
            }
            true
        });
        cut
    }
}
