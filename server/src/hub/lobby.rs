//! The list of live rooms, kept up to date for the connections that look at it.

use std::collections::{BTreeMap, HashSet};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

use shared::{RoomAddress, RoomName, RoomSummary, ServerFrame};
use slab::Slab;

use super::link::Link;
use super::outbox::Kind;
use super::turn::Turn;
use super::wire;

/// Every live public room with its member count, in the order of names.
#[derive(Default)]
pub struct Lobby {
    rooms: BTreeMap<RoomAddress, u64>,
    changed: HashSet<RoomAddress>,
    watching: Slab<Arc<Link>>,
}

impl Lobby {
    /// Notes a room's member count; watchers learn of it with the next second.
    pub fn set(&mut self, room: &RoomAddress, member_count: u64) {
        if self.rooms.insert(room.clone(), member_count) != Some(member_count) {
            self.changed.insert(room.clone());
        }
    }

    /// The room is gone, from every list at once.
    pub fn remove(&mut self, room: &RoomAddress, turn: &mut Turn) {
        self.changed.remove(room);
        if self.rooms.remove(room).is_some() {
            self.say(&ServerFrame::RoomRemoved { room: room.clone() }, turn);
        }
    }

    /// Once a second: the rooms that are new or have another member count.
    pub fn tell_changes(&mut self, turn: &mut Turn) {
        for room in std::mem::take(&mut self.changed) {
            if let Some(&member_count) = self.rooms.get(&room) {
                self.say(&ServerFrame::RoomChanged(RoomSummary { room, member_count }), turn);
            }
        }
    }

    /// At most `limit` rooms after `after`, and whether there are more.
    pub fn page(&self, after: Option<&RoomName>, limit: usize) -> (Vec<RoomSummary>, bool) {
        let after = after.map(|name| RoomAddress::from(name.clone()));
        let mut rest = self.rooms.range((after.map_or(Unbounded, Excluded), Unbounded));
        let page = rest.by_ref().take(limit);
        let page = page.map(|(room, &member_count)| RoomSummary { room: room.clone(), member_count });
        (page.collect(), rest.next().is_some())
    }

    /// Tells this connection of changes from now on; the number ends it.
    pub fn watch(&mut self, link: Arc<Link>) -> usize {
        self.watching.insert(link)
    }

    /// Ends [`Self::watch`].
    pub fn unwatch(&mut self, watch: usize) {
        self.watching.try_remove(watch);
    }

    fn say(&self, frame: &ServerFrame, turn: &mut Turn) {
        if self.watching.is_empty() {
            return;
        }
        let bytes = wire::text(frame);
        for (_, link) in &self.watching {
            turn.append(link, bytes.clone(), Kind::Live);
        }
    }
}
