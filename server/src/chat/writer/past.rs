//! What went before a batch: who may answer to it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::oneshot;

use super::back_off::BackOff;
use super::{Asker, authored};
use crate::hub::HandedOut;
use crate::room::RoomId;
use crate::store::Write;

/// Who writes from one connection to one room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Author {
    pub(super) connection: usize,
    pub(super) room: RoomId,
}

impl Author {
    /// The author of a message or a change; nobody is that of other writes.
    pub(super) fn of(write: &Write, asker: &Asker) -> Option<Self> {
        let (Asker::Author(origin), Some((room, _))) = (asker, authored(write)) else { return None };
        Some(Self { connection: Arc::as_ptr(&origin.link).addr(), room: room.id })
    }
}

/// What went before, and whether waiting for others was worth it lately.
#[derive(Default)]
pub(super) struct Past {
    pub(super) before: Option<Before>,
    pub(super) back_off: BackOff,
}

/// The batch before, on its way to the sockets.
pub(super) struct Before {
    pub(super) handed_out: oneshot::Receiver<HandedOut>,
    pub(super) authors: HashSet<Author>,
    /// Those of the batch before it, if that was handed out too.
    pub(super) earlier: HashSet<Author>,
}

impl Before {
    /// Those who wrote the batch before and are not `here` yet, in rooms written to here in which most of those of the
    /// batch before last have written again.
    pub(super) fn missed(&self, here: &HashSet<Author>) -> HashSet<Author> {
        let mut rooms: HashMap<RoomId, (usize, usize)> = HashMap::new();
        for author in &self.earlier {
            let (answered, all) = rooms.entry(author.room).or_default();
            *answered += usize::from(self.authors.contains(author) || here.contains(author));
            *all += 1;
        }
        rooms.retain(|room, (answered, all)| {
            *answered * 2 > *all && here.iter().any(|author| author.room == *room)
        });
        let missed = self.authors.difference(here);
        missed.filter(|author| rooms.contains_key(&author.room)).copied().collect()
    }
}
