//! What goes into one transaction.

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout_at;

use super::Asker;
use super::past::{Author, Past};
use crate::hub::HandedOut;
use crate::store::Write;

/// Writes of one transaction.
const MOST: usize = 1_000;
/// Message text of one transaction, in bytes.
const MOST_BYTES: usize = 1024 * 1024;
/// So many messages share a write to a socket that sharing it with more saves little.
const ENOUGH: usize = 64;
/// Handing out must take so long that others are waited for; timers are no finer than a millisecond.
const WORTH_WAITING: Duration = Duration::from_millis(2);
/// The longest time that others are waited for.
const LONGEST_WAIT: Duration = Duration::from_millis(10);

/// Writes that are committed together, and who is told what became of each.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) writes: Vec<Write>,
    pub(super) askers: Vec<Asker>,
    pub(super) authors: HashSet<Author>,
    bytes: usize,
}

impl Batch {
    /// The next writes. None: there will be no more.
    pub(super) async fn next(queue: &mut mpsc::Receiver<(Write, Asker)>, past: &mut Past) -> Option<Self> {
        let mut batch = Self::default();
        batch.push(queue.recv().await?);
        batch.wait_for_others(queue, past).await;
        batch.let_others_write(queue).await;
        while !batch.is_full()
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        Some(batch)
    }

    /// While the hub hands out the batch before, a small one waits (as Nagle's algorithm holds back a small segment).
    /// In rooms where people answer each other as fast as they are answered, it then waits for those who wrote the
    /// batch before: up to half as long as handing it out took, and at most [`LONGEST_WAIT`]. They share a commit and a
    /// write to each socket then, instead of following half a round behind for ever. Where that was in vain it is not
    /// tried again for a while. Whoever writes when nothing is going on waits for nobody.
    async fn wait_for_others(&mut self, queue: &mut mpsc::Receiver<(Write, Asker)>, past: &mut Past) {
        let Some(before) = &mut past.before else { return };
        let handed_out = loop {
            if self.writes.len() >= ENOUGH {
                return;
            }
            tokio::select! {
                biased;
                handed_out = &mut before.handed_out => break handed_out,
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
        let missed = before.missed(&self.authors);
        if missed.is_empty() || past.back_off.skips() {
            return;
        }
        let until = at + (took / 2).min(LONGEST_WAIT);
        while self.writes.len() < ENOUGH && !missed.is_subset(&self.authors) {
            let Ok(Some(next)) = timeout_at(until, queue.recv()).await else { break };
            self.push(next);
        }
        let came = missed.intersection(&self.authors).count();
        past.back_off.tell(self.writes.len() >= ENOUGH || came * 2 > missed.len());
    }

    /// Lets all other tasks run as long as that brings more and there is not enough. Whoever writes alone waits only
    /// for tasks that are ready to run anyway.
    async fn let_others_write(&self, queue: &mpsc::Receiver<(Write, Asker)>) {
        let mut before = None;
        while before != Some(queue.len()) && self.writes.len() + queue.len() < ENOUGH {
            before = Some(queue.len());
            tokio::task::yield_now().await;
        }
    }

    fn push(&mut self, (write, asker): (Write, Asker)) {
        self.bytes += write.text().map_or(0, |text| text.as_str().len());
        self.authors.extend(Author::of(&write, &asker));
        self.writes.push(write);
        self.askers.push(asker);
    }

    fn is_full(&self) -> bool {
        self.writes.len() >= MOST || self.bytes >= MOST_BYTES
    }
}

#[cfg(test)]
mod tests;
