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
}

impl Changes {
    /// Whether there is nothing to write down.
    pub fn is_empty(&self) -> bool {
        self.memberships.is_empty() && self.reads.is_empty() && self.rooms.is_empty() && self.seen.is_empty()
    }
}
