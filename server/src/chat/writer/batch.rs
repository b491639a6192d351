//! What goes into one transaction.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;

use super::{Asker, authored};
use crate::hub::HandedOut;
use crate::room::RoomId;
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

/// Who writes from one connection to one room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Author {
    connection: usize,
    room: RoomId,
}

/// The batch before, on its way to the sockets.
pub(super) struct Before {
    pub(super) handed_out: oneshot::Receiver<HandedOut>,
    pub(super) authors: HashSet<Author>,
    /// Those of the batch before it.
    pub(super) earlier: HashSet<Author>,
}

impl Batch {
    /// The next writes. None: there will be no more.
    pub(super) async fn next(
        queue: &mut mpsc::Receiver<(Write, Asker)>,
        before: &mut Option<Before>,
    ) -> Option<Self> {
        let mut batch = Self::default();
        batch.push(queue.recv().await?);
        if let Some(before) = before {
            batch.wait_for_others(queue, before).await;
        }
        batch.let_others_write(queue).await;
        while !batch.is_full()
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        Some(batch)
    }

    /// While the hub hands out the batch before, a small one waits (as Nagle's algorithm holds back a small segment).
    /// If people answer each other as fast as they are answered, it waits up to half as long again for those who wrote
    /// the batch before in the same rooms: they share a commit and a write to each socket then, instead of following
    /// half a round behind for ever. Whoever writes when nothing is going on waits for nobody.
    async fn wait_for_others(&mut self, queue: &mut mpsc::Receiver<(Write, Asker)>, before: &mut Before) {
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
        if took < WORTH_WAITING || !self.shows_answers(before) {
            return;
        }
        let until = at + (took / 2).min(LONGEST_WAIT);
        while self.writes.len() < ENOUGH && self.is_missed_by_one_of(&before.authors) {
            let Ok(Some(next)) = timeout_at(until, queue.recv()).await else { return };
            self.push(next);
        }
    }

    /// Whether most of those who wrote the batch before last have written again.
    fn shows_answers(&self, before: &Before) -> bool {
        let answered = |author: &&Author| before.authors.contains(author) || self.authors.contains(author);
        let answers = before.earlier.iter().filter(answered).count();
        answers * 2 > before.earlier.len()
    }

    /// Whether somebody would share sockets with those who are here.
    fn is_missed_by_one_of(&self, authors: &HashSet<Author>) -> bool {
        let rooms: HashSet<RoomId> = self.authors.iter().map(|author| author.room).collect();
        authors.iter().any(|author| rooms.contains(&author.room) && !self.authors.contains(author))
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
        if let (Asker::Author(origin), Some((room, _))) = (&asker, authored(&write)) {
            let connection = Arc::as_ptr(&origin.link).addr();
            self.authors.insert(Author { connection, room: room.id });
        }
        self.writes.push(write);
        self.askers.push(asker);
    }

    fn is_full(&self) -> bool {
        self.writes.len() >= MOST || self.bytes >= MOST_BYTES
    }
}

#[cfg(test)]
mod tests;
