//! Connections for which much waits. Slow is whose socket leaves it waiting, whatever was sent at once.

use std::sync::Arc;

use shared::limits::{LIVE_QUEUE_BYTES, SLOW_MILLIS};

use super::link::Link;

struct Watched {
    link: Arc<Link>,
    /// When it was looked at, and how many live bytes had been appended then.
    mark: Option<(u64, u64)>,
}

/// Those with more than [`LIVE_QUEUE_BYTES`] of live events waiting, or a moment ago.
#[derive(Default)]
pub struct Backlogs(Vec<Watched>);

impl Backlogs {
    /// Looks at this connection from now on.
    pub fn watch(&mut self, link: Arc<Link>) {
        self.0.push(Watched { link, mark: None });
    }

    /// Cuts off those with whom more than [`LIVE_QUEUE_BYTES`] wait that waited [`SLOW_MILLIS`] ago already. Gives how
    /// many they are.
    pub fn cut_slow(&mut self, now: u64) -> u64 {
        let mut cut = 0;
        self.0.retain_mut(|watched| {
            let Some(backlog) = watched.link.outbox.backlog() else { return false };
            match watched.mark {
                Some((since, _)) if now < since + SLOW_MILLIS => true,
                Some((_, appended)) if backlog.taken + (LIVE_QUEUE_BYTES as u64) < appended => {
                    watched.link.outbox.cut_off();
                    cut += 1;
                    false
                }
                Some(_) | None => {
                    watched.mark = Some((now, backlog.appended));
                    true
                }
            }
        });
        cut
    }
}
