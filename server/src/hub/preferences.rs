//! What accounts prefer, as far as the hub has to do with it: it knows who is where, and who is connected.

use shared::{RoomAddress, ServerFrame, UserId};

use super::message::HubMessage;
use super::state::State;
use super::{Hub, HubClosed};

impl Hub {
    /// Drops addresses of private rooms that a user is not in, whether there are such rooms or not.
    pub async fn known_rooms(
        &self,
        user: UserId,
        rooms: Vec<RoomAddress>,
    ) -> Result<Vec<RoomAddress>, HubClosed> {
        self.ask(|done| HubMessage::KnownRooms { user, rooms, done }).await
    }

    /// Sends a frame to every connection of a user.
    pub async fn tell_user(&self, user: UserId, frame: ServerFrame) -> Result<(), HubClosed> {
        self.tell(HubMessage::TellUser { user, frame: Box::new(frame) }).await
    }
}

impl State {
    /// Drops addresses of private rooms that a user is not in. Only their own rooms are looked at, so that one that is
    /// hidden takes as long as one that does not exist.
    pub fn known_rooms(&self, user: UserId, mut rooms: Vec<RoomAddress>) -> Vec<RoomAddress> {
        let own = self.users.get(&user).map(|user| &user.rooms[..]).unwrap_or_default();
        let own: Vec<&RoomAddress> = own
            .iter()
            .filter_map(|id| self.rooms.get(id))
            .map(|room| &room.info.address)
            .filter(|address| address.is_private())
            .collect();
        rooms.retain(|room| !room.is_private() || own.contains(&room));
        rooms
    }
}
