//! What goes into one transaction.

use tokio::sync::{mpsc, oneshot};

use super::Asker;
use crate::store::Write;

/// Writes of one transaction.
const MOST: usize = 1_000;
/// Message text of one transaction, in bytes.
const MOST_BYTES: usize = 1024 * 1024;
/// So many messages share a write to a socket that sharing it with more saves little.
const ENOUGH: usize = 64;

/// Writes that are committed together, and who is told what became of each.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) writes: Vec<Write>,
    pub(super) askers: Vec<Asker>,
    bytes: usize,
}

impl Batch {
    /// The next writes. None: there will be no more.
    ///
    /// While the hub hands out the batch before, a small one waits (as Nagle's algorithm holds back a small segment):
    /// those who answer to what they are just getting then share its commit and its deliveries, instead of following
    /// half a round behind for ever.
    pub(super) async fn next(
        queue: &mut mpsc::Receiver<(Write, Asker)>,
        handed_out: Option<oneshot::Receiver<()>>,
    ) -> Option<Self> {
        let mut batch = Self::default();
        batch.push(queue.recv().await?);
        if let Some(mut handed_out) = handed_out {
            while batch.writes.len() < ENOUGH {
                tokio::select! {
                    biased;
                    _ = &mut handed_out => break,
                    next = queue.recv() => match next {
                        Some(next) => batch.push(next),
                        None => break,
                    }
                }
            }
        }
        batch.let_others_write(queue).await;
        while !batch.is_full()
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        Some(batch)
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
        if let Write::Post(new) = &write {
            self.bytes += new.content.as_str().len();
        }
        self.writes.push(write);
        self.askers.push(asker);
    }

    fn is_full(&self) -> bool {
        self.writes.len() >= MOST || self.bytes >= MOST_BYTES
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use shared::Timestamp;

    use super::*;

    fn write() -> (Write, Asker) {
        (Write::ForgetGuests { before: Timestamp::from_millis(0) }, Asker::Nobody)
    }

    #[tokio::test]
    async fn a_small_batch_waits_until_the_one_before_is_handed_out() {
        let (writers, mut queue) = mpsc::channel(ENOUGH);
        let (done, handed_out) = oneshot::channel();
        writers.send(write()).await.unwrap();
        {
            let mut next = pin!(Batch::next(&mut queue, Some(handed_out)));
            for _ in 0..10 {
                tokio::select! {
                    biased;
                    _ = &mut next => panic!("it did not wait"),
                    () = tokio::task::yield_now() => {}
                }
            }
            writers.send(write()).await.unwrap();
            done.send(()).unwrap();
            assert_eq!(next.await.unwrap().writes.len(), 2, "who came meanwhile shares the commit");
        }
        writers.send(write()).await.unwrap();
        assert_eq!(Batch::next(&mut queue, None).await.unwrap().writes.len(), 1, "nobody is waited for");
    }

    #[tokio::test]
    async fn a_batch_of_some_size_waits_for_nothing() {
        let (writers, mut queue) = mpsc::channel(2 * MOST);
        let (_done, handed_out) = oneshot::channel();
        for _ in 0..=MOST {
            writers.send(write()).await.unwrap();
        }
        assert_eq!(Batch::next(&mut queue, Some(handed_out)).await.unwrap().writes.len(), MOST);
        drop(writers);
        assert_eq!(Batch::next(&mut queue, None).await.unwrap().writes.len(), 1);
        assert!(Batch::next(&mut queue, None).await.is_none());
    }
}
