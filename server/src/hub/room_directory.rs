//! The list of live rooms, kept up to date for the connections that watch it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use shared::limits::PAGE_BYTES;
use shared::{RoomAddress, RoomName, RoomSummary, ServerFrame};
use slab::Slab;

use super::turn::Turn;
use crate::delivery::ConnectionHandle;
use crate::delivery::encode;
use crate::delivery::outbox::Priority;

/// Every live public room with its member count, sorted by name.
#[derive(Default)]
pub struct RoomDirectory {
    rooms: BTreeMap<RoomAddress, u64>,
    /// Rooms to announce, the longest-waiting first. A room that is no longer in `changed` was announced meanwhile.
    queue: VecDeque<RoomAddress>,
    changed: HashSet<RoomAddress>,
    /// Bytes sent immediately since the last second tick.
    told: usize,
    watching: Slab<Arc<ConnectionHandle>>,
}

impl RoomDirectory {
    /// Sets a room's member count, which is announced with the next second.
    pub fn set(&mut self, room: &RoomAddress, member_count: u64) {
        if self.rooms.insert(room.clone(), member_count) != Some(member_count) {
            self.note(room);
        }
    }

    /// Removes a room. Announced immediately, or within the next seconds if many rooms go.
    pub fn remove(&mut self, room: &RoomAddress, turn: &mut Turn) {
        if self.rooms.remove(room).is_none() || self.watching.is_empty() {
            return;
        }
        if self.told >= PAGE_BYTES {
            return self.note(room);
        }
        self.changed.remove(room);
        let bytes = encode::text(&ServerFrame::RoomRemoved { room: room.clone() });
        self.told += bytes.len();
        self.say(&bytes, turn);
    }

    /// Once a second: announces the state of the changed rooms, about a page per second. A longer queue is drained
    /// faster, so that it does not keep growing.
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
                encode::put_text(&mut bytes, &frame);
            }
        }
        if !bytes.is_empty() {
            self.say(&bytes.freeze(), turn);
        }
    }

    /// Returns at most `limit` rooms after `after`, and whether there are more.
    pub fn page(&self, after: Option<&RoomName>, limit: usize) -> (Vec<RoomSummary>, bool) {
        let after = after.map(|name| RoomAddress::from(name.clone()));
        let mut rest = self.rooms.range((after.map_or(Unbounded, Excluded), Unbounded));
        let page = rest.by_ref().take(limit);
        let page = page.map(|(room, &member_count)| RoomSummary { room: room.clone(), member_count });
        (page.collect(), rest.next().is_some())
    }

    /// Sends changes to the connection from now on. Returns the key for [`Self::unwatch`].
    pub fn watch(&mut self, handle: Arc<ConnectionHandle>) -> usize {
        self.watching.insert(handle)
    }

    /// Ends a [`Self::watch`].
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
        for (_, handle) in &self.watching {
            turn.append(handle, bytes.clone(), Priority::Live);
        }
    }
}
