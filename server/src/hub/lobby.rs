//! The list of live rooms, kept up to date for the connections that look at it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use shared::limits::PAGE_BYTES;
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
    /// Rooms whose present state is to be told, the one that has waited longest first. Names that are not in
    /// `changed` any more were told meanwhile.
    queue: VecDeque<RoomAddress>,
    changed: HashSet<RoomAddress>,
    /// Bytes told at once since the last second.
    told: usize,
    watching: Slab<Arc<Link>>,
}

impl Lobby {
    /// Notes a room's member count; watchers learn of it with the next second.
    pub fn set(&mut self, room: &RoomAddress, member_count: u64) {
        if self.rooms.insert(room.clone(), member_count) != Some(member_count) {
            self.note(room);
        }
    }

    /// The room is gone: told at once, or with the next seconds where many go.
    pub fn remove(&mut self, room: &RoomAddress, turn: &mut Turn) {
        if self.rooms.remove(room).is_none() || self.watching.is_empty() {
            return;
        }
        if self.told >= PAGE_BYTES {
            return self.note(room);
        }
        self.changed.remove(room);
        let bytes = wire::text(&ServerFrame::RoomRemoved { room: room.clone() });
        self.told += bytes.len();
        self.say(&bytes, turn);
    }

    /// Once a second: what became of the rooms that changed, about a page of it. The more wait the more are told, so
    /// that they do not become more and more.
    pub fn tell_changes(&mut self, turn: &mut Turn) {
        self.told = 0;
        let most = PAGE_BYTES.max(self.queue.len() * 16);
        let mut bytes = BytesMut::new();
        while bytes.len() < most
            && let Some(room) = self.queue.pop_front()
        {
            if self.changed.remove(&room) {
                let frame = match self.rooms.get(&room) {
                    Some(&member_count) => ServerFrame::RoomChanged(RoomSummary { room, member_count }),
                    None => ServerFrame::RoomRemoved { room },
                };
                wire::put_text(&mut bytes, &frame);
            }
        }
        if !bytes.is_empty() {
            self.say(&bytes.freeze(), turn);
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
        if self.watching.is_empty() {
            self.queue = VecDeque::new();
            self.changed = HashSet::new();
        }
    }

    fn note(&mut self, room: &RoomAddress) {
        if !self.watching.is_empty() && self.changed.insert(room.clone()) {
            self.queue.push_back(room.clone());
        }
    }

    fn say(&self, bytes: &Bytes, turn: &mut Turn) {
        for (_, link) in &self.watching {
            turn.append(link, bytes.clone(), Kind::Live);
        }
    }
}
