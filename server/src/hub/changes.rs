//! Membership changes that the store has to learn. Only the latest state of each is kept, so the size is bounded by
//! what is live and the writer may take its time.

use std::collections::{HashMap, HashSet};

use shared::{Seq, UserId};

use crate::room::RoomId;

/// Changes since they were last taken.
#[derive(Debug, Default)]
pub struct Changes {
    /// Whether a user is a member of a room.
    pub memberships: HashMap<(RoomId, UserId), bool>,
    /// A user's read mark in a room.
    pub reads: HashMap<(RoomId, UserId), Seq>,
    /// Where a conversation was when somebody took it out of their list; `None`: it is in the list.
    pub closed: HashMap<(RoomId, UserId), Option<Seq>>,
    /// Whether a room is live; `false`: it is deserted, it has no members any more.
    pub rooms: HashMap<RoomId, bool>,
    /// Users who connected or whose last connection ended.
    pub seen: HashSet<UserId>,
    /// Read marks that were taken and may not be stored yet.
    reads_under_way: HashMap<(RoomId, UserId), Seq>,
    /// Memberships, likewise.
    memberships_under_way: HashSet<(RoomId, UserId)>,
}

impl Changes {
    /// Merges changes that happened later; the latest state of each wins.
    pub fn followed_by(&mut self, later: Self) {
        self.memberships.extend(later.memberships);
        self.reads.extend(later.reads);
        self.closed.extend(later.closed);
        self.rooms.extend(later.rooms);
        self.seen.extend(later.seen);
    }

    /// Takes all changes since the last call.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let mut reads_under_way = std::mem::take(&mut self.reads_under_way);
        reads_under_way.extend(&self.reads);
        let mut memberships_under_way = std::mem::take(&mut self.memberships_under_way);
        memberships_under_way.extend(self.memberships.keys());
        std::mem::replace(self, Self { reads_under_way, memberships_under_way, ..Self::default() })
    }

    /// Marks the changes that were taken as stored.
    pub fn stored(&mut self) {
        self.reads_under_way.clear();
        self.memberships_under_way.clear();
    }

    /// Whether the store may not know yet that a user is a member.
    pub fn is_unstored(&self, room: RoomId, user: UserId) -> bool {
        self.memberships.contains_key(&(room, user)) || self.memberships_under_way.contains(&(room, user))
    }

    /// Returns a read mark that may not be stored yet.
    pub fn mark(&self, room: RoomId, user: UserId) -> Option<Seq> {
        self.reads.get(&(room, user)).or_else(|| self.reads_under_way.get(&(room, user))).copied()
    }

    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.memberships.is_empty()
            && self.reads.is_empty()
            && self.closed.is_empty()
            && self.rooms.is_empty()
            && self.seen.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_was_refused_is_overtaken_by_what_came_later_and_the_rest_is_kept() {
        let [alice, bob] = [1, 2].map(|number| UserId::new(Uuid::from_u128(number)));
        let (tea, sake) = (RoomId(1), RoomId(2));
        let mut hub = Changes::default();
        hub.rooms.extend([(tea, false), (sake, true)]);
        hub.memberships.extend([((tea, alice), false), ((sake, bob), true)]);
        hub.reads.extend([((tea, alice), Seq(3)), ((sake, bob), Seq(4))]);
        hub.seen.insert(alice);
        let mut refused = hub.take();
        hub.rooms.insert(tea, true);
        hub.memberships.insert((tea, alice), true);
        hub.reads.insert((tea, alice), Seq(1));
        hub.seen.insert(bob);
        refused.followed_by(hub.take());
        assert_eq!(refused.rooms, HashMap::from([(tea, true), (sake, true)]));
        assert_eq!(refused.memberships, HashMap::from([((tea, alice), true), ((sake, bob), true)]));
        assert_eq!(refused.reads, HashMap::from([((tea, alice), Seq(1)), ((sake, bob), Seq(4))]));
        assert_eq!(refused.seen, HashSet::from([alice, bob]));
        assert_eq!(
            (hub.mark(tea, alice), hub.mark(sake, bob)),
            (Some(Seq(1)), Some(Seq(4))),
            "not stored yet"
        );
        assert!(hub.is_unstored(tea, alice) && hub.is_unstored(sake, bob));
        hub.stored();
        assert_eq!(hub.mark(sake, bob), None);
        assert!(!hub.is_unstored(sake, bob));
    }
}
