//! Collects the writes of one transaction.

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout_at;

use super::ReplyTo;
use super::previous::{Author, History};
use crate::hub::HandedOut;
use crate::store::Write;

/// Maximum number of writes in a transaction.
const MOST: usize = 1_000;
/// Maximum message text in a transaction, in bytes.
const MOST_BYTES: usize = 1024 * 1024;
/// With this many messages in one write to a socket, adding more saves little.
const ENOUGH: usize = 64;
/// Waiting for others pays off only if delivery took at least this long; timers have a resolution of one millisecond.
const WORTH_WAITING: Duration = Duration::from_millis(2);
/// Upper bound of the wait for others.
const LONGEST_WAIT: Duration = Duration::from_millis(10);

/// Writes that are committed together, each with its reply channel.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) writes: Vec<Write>,
    pub(super) replies: Vec<ReplyTo>,
    pub(super) authors: HashSet<Author>,
    bytes: usize,
}

impl Batch {
    /// Returns the next batch; `None` when the queue is closed.
    pub(super) async fn next(
        queue: &mut mpsc::Receiver<(Write, ReplyTo)>,
        history: &mut History,
    ) -> Option<Self> {
        let mut batch = Self::default();
        batch.push(queue.recv().await?);
        batch.wait_for_others(queue, history).await;
        batch.let_others_write(queue).await;
        while !batch.is_full()
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        Some(batch)
    }

    /// While the hub delivers the previous batch, a small batch waits, as Nagle's algorithm holds back a small segment.
    /// In rooms where people answer each other at once, it then also waits for the authors of the previous batch: for
    /// up to half of the time that delivery took, and at most [`LONGEST_WAIT`]. They then share a commit and a write to
    /// each socket, instead of staying half a round apart forever. A wait that did not pay off starts an exponential
    /// back-off. When nothing is being delivered, there is no wait.
    async fn wait_for_others(&mut self, queue: &mut mpsc::Receiver<(Write, ReplyTo)>, history: &mut History) {
        let Some(previous) = &mut history.previous else { return };
        let handed_out = loop {
            if self.writes.len() >= ENOUGH {
                return;
            }
            tokio::select! {
                biased;
                handed_out = &mut previous.handed_out => break handed_out,
                next = queue.recv() => match next {
                    Some(next) => self.push(next),
                    None => return,
                }
            }
        };
        let Ok(HandedOut { at, took }) = handed_out else { return };
        if took < WORTH_WAITING {
            return;
        }
        let missed = previous.missed(&self.authors);
        if missed.is_empty() || history.back_off.skips() {
            return;
        }
        let until = at + (took / 2).min(LONGEST_WAIT);
        while self.writes.len() < ENOUGH && !missed.is_subset(&self.authors) {
            let Ok(Some(next)) = timeout_at(until, queue.recv()).await else { break };
            self.push(next);
        }
        let came = missed.intersection(&self.authors).count();
        history.back_off.tell(self.writes.len() >= ENOUGH || came * 2 > missed.len());
    }

    /// Yields to all other tasks as long as that brings more writes and the batch is small. A single writer waits only
    /// for tasks that are ready to run anyway.
    async fn let_others_write(&self, queue: &mpsc::Receiver<(Write, ReplyTo)>) {
        let mut before = None;
        while before != Some(queue.len()) && self.writes.len() + queue.len() < ENOUGH {
            before = Some(queue.len());
            tokio::task::yield_now().await;
        }
    }

    fn push(&mut self, (write, reply_to): (Write, ReplyTo)) {
        self.bytes += write.text().map_or(0, |text| text.as_str().len());
        self.authors.extend(Author::of(&write, &reply_to));
        self.writes.push(write);
        self.replies.push(reply_to);
    }

    fn is_full(&self) -> bool {
        self.writes.len() >= MOST || self.bytes >= MOST_BYTES
    }
}

#[cfg(test)]
mod tests;
