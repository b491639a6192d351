//! What the store has to learn of memberships. Kept as the latest state of each, so that it is bounded by what is
//! live and whoever writes it down may take its time.

use std::collections::{HashMap, HashSet};

use shared::{Seq, UserId};

use crate::room::RoomId;

/// Changes since they were last taken.
#[derive(Debug, Default)]
pub struct Changes {
    /// Whether a guest is a member of a room.
    pub memberships: HashMap<(RoomId, UserId), bool>,
    /// A guest's read mark in a room.
    pub reads: HashMap<(RoomId, UserId), Seq>,
    /// Whether a room is live; false: it has no members any more.
    pub rooms: HashMap<RoomId, bool>,
    /// Guests who came or whose last connection went.
    pub seen: HashSet<UserId>,
    /// Read marks that were taken and may not be stored yet.
    under_way: HashMap<(RoomId, UserId), Seq>,
}

impl Changes {
    /// Everything since the last call.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let mut under_way = std::mem::take(&mut self.under_way);
        under_way.extend(&self.reads);
        std::mem::replace(self, Self { under_way, ..Self::default() })
    }

    /// What was taken is stored.
    pub fn stored(&mut self) {
        self.under_way.clear();
    }

    /// A read mark that the store may not know yet.
    pub fn mark(&self, room: RoomId, user: UserId) -> Option<Seq> {
        self.reads.get(&(room, user)).or_else(|| self.under_way.get(&(room, user))).copied()
    }

    /// Whether there is nothing to write down.
    pub fn is_empty(&self) -> bool {
        self.memberships.is_empty() && self.reads.is_empty() && self.rooms.is_empty() && self.seen.is_empty()
    }
}
