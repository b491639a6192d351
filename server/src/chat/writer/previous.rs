//! The previous batch: its authors are likely to write again.

use std::collections::{HashMap, HashSet};

use tokio::sync::oneshot;

use super::back_off::BackOff;
use super::{ReplyTo, authored};
use crate::hub::HandedOut;
use crate::room::RoomId;
use crate::store::Write;

/// A connection that writes to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Author {
    pub(super) connection: u64,
    pub(super) room: RoomId,
}

impl Author {
    /// Returns the author of a message or a change; other writes have none.
    pub(super) fn of(write: &Write, reply_to: &ReplyTo) -> Option<Self> {
        let (ReplyTo::Connection(requester), Some((room, _))) = (reply_to, authored(write)) else {
            return None;
        };
        Some(Self { connection: requester.handle.id, room: room.id })
    }
}

/// The previous batch, and whether waiting for others paid off recently.
#[derive(Default)]
pub(super) struct History {
    pub(super) previous: Option<PreviousBatch>,
    pub(super) back_off: BackOff,
}

/// The previous batch, on its way to the sockets.
pub(super) struct PreviousBatch {
    pub(super) handed_out: oneshot::Receiver<HandedOut>,
    pub(super) authors: HashSet<Author>,
    /// The authors of the batch before it, if that was delivered too.
    pub(super) earlier: HashSet<Author>,
}

impl PreviousBatch {
    /// Returns the authors of the previous batch who are not in `here` yet, in rooms that `here` writes to and in which
    /// most authors of the batch before the previous one have written again.
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
