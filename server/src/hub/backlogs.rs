//! Connections for which much waits. Slow is whose socket leaves it waiting, whatever was sent at once.

use std::sync::Arc;

use shared::limits::{LIVE_QUEUE_BYTES, SLOW_MILLIS, STALLED_MILLIS};

use super::link::Link;
use super::outbox::Backlog;

struct Watched {
    link: Arc<Link>,
    /// How it stood when it last took something, and when it was seen.
    moved: Option<(u64, Backlog)>,
    /// How it stood a while ago.
    past: Option<(u64, Backlog)>,
}

impl Watched {
    /// Whether the socket does not take what it is offered.
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

/// Those with more than [`LIVE_QUEUE_BYTES`] of live events waiting, or a moment ago.
#[derive(Default)]
pub struct Backlogs(Vec<Watched>);

impl Backlogs {
    /// Looks at this connection from now on.
    pub fn watch(&mut self, link: Arc<Link>) {
        self.0.push(Watched { link, moved: None, past: None });
    }

    /// Cuts off those that took nothing for [`STALLED_MILLIS`], or of what waited [`SLOW_MILLIS`] ago not all but
    /// [`LIVE_QUEUE_BYTES`]. Gives how many they are.
    pub fn cut_slow(&mut self, now: u64) -> u64 {
        let mut cut = 0;
        self.0.retain_mut(|watched| {
            let Some(backlog) = watched.link.outbox.backlog() else { return false };
            if watched.is_slow(backlog, now) {
                watched.link.outbox.cut_off();
                cut += 1;
                return false;
            }
            true
        });
        cut
    }
}
