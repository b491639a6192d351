//! What accounts prefer, as far as the hub has to do with it: it knows who is where, and who is connected.

use std::collections::HashSet;

use shared::account::Preferences;
use shared::{RoomAddress, ServerFrame, UserId};

use super::message::HubMessage;
use super::state::State;
use super::{Hub, HubClosed};
use crate::delivery::encode;

impl Hub {
    /// Drops addresses of private rooms that a user is not in, whether there are such rooms or not.
    pub async fn known_rooms(
        &self,
        user: UserId,
        rooms: Vec<RoomAddress>,
    ) -> Result<Vec<RoomAddress>, HubClosed> {
        self.ask(|done| HubMessage::KnownRooms { user, rooms, done }).await
    }

    /// Tells one or all connections of a user what they prefer, without private rooms that they are not in.
    pub async fn tell_preferences(
        &self,
        user: UserId,
        connection: Option<usize>,
        preferences: Preferences,
    ) -> Result<(), HubClosed> {
        self.tell(HubMessage::TellPreferences { user, connection, preferences: Box::new(preferences) }).await
    }
}

impl State {
    /// Tells one or all connections of a user what they prefer. Memberships may have ended since that was found out.
    pub fn tell_preferences(&mut self, id: UserId, connection: Option<usize>, mut preferences: Preferences) {
        preferences.favourites = self.known_rooms(id, preferences.favourites);
        preferences.muted = self.known_rooms(id, preferences.muted);
        let Some(user) = self.users.get(&id) else { return };
        let bytes = encode::text(&ServerFrame::Preferences(preferences));
        for &one in user.connections.iter().filter(|&&one| connection.is_none_or(|only| only == one)) {
            self.turn.tell(&self.connections[one].handle, &bytes);
        }
    }

    /// Drops addresses of private rooms that a user is not in. Only their own rooms are looked at, so that one that is
    /// hidden takes as long as one that does not exist.
    pub fn known_rooms(&self, user: UserId, mut rooms: Vec<RoomAddress>) -> Vec<RoomAddress> {
        let own = self.users.get(&user).map(|user| &user.rooms[..]).unwrap_or_default();
        let own: HashSet<&RoomAddress> = own
            .iter()
            .filter_map(|id| self.rooms.get(id))
            .map(|room| &room.info.address)
            .filter(|address| address.is_private())
            .collect();
        rooms.retain(|room| !room.is_private() || own.contains(room));
        rooms
    }
}
