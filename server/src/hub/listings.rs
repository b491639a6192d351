//! Lists of members and rooms, and subscriptions to their changes.

use std::collections::HashSet;

use shared::{Member, UserId};

use super::state::State;
use crate::room::RoomId;

impl State {
    /// Returns at most `limit` members after `after`, and whether there are more.
    pub fn members(&self, id: RoomId, after: Option<UserId>, limit: usize) -> (Vec<Member>, bool) {
        self.rooms.get(&id).map_or((Vec::new(), false), |room| room.members_page(after, limit))
    }

    /// Sends individual changes of these members to the connection even while the room is big.
    pub fn watch_members(&mut self, connection: usize, id: RoomId, users: HashSet<UserId>) {
        let Some(room) = self.rooms.get_mut(&id).filter(|room| room.has_subscriber(connection)) else {
            return;
        };
        if users.is_empty() {
            room.watched.remove(&connection);
        } else {
            room.watched.insert(connection, users);
        }
    }

    /// Sends changes of the room list to the connection from now on.
    pub fn watch_directory(&mut self, connection: usize) {
        let Some(entry) = self.connections.get_mut(connection) else { return };
        if entry.directory.is_none() {
            entry.directory = Some(self.directory.watch(entry.handle.clone()));
        }
    }

    /// Returns those of the rooms that are live.
    pub fn live(&self, rooms: Vec<RoomId>) -> HashSet<RoomId> {
        rooms.into_iter().filter(|id| self.rooms.contains_key(id)).collect()
    }
}
