//! What the hub knows from the store at a start.

use std::sync::Arc;

use shared::PresenceStatus;

use super::message::RestoredMember;
use super::room::Room;
use super::state::State;
use super::user::{User, UserKind};
use crate::room::RoomInfo;

impl State {
    /// Restores a room and its members from the store after a start. Guests have a minute to come back.
    pub fn restore(&mut self, info: &Arc<RoomInfo>, members: &[RestoredMember]) {
        self.restrictions.follow(info, &info.details);
        let room = self.rooms.entry(info.id).or_insert_with(|| Room::new(info.clone()));
        for RestoredMember { id, name, kind, read, role, closed } in members {
            let user = self.users.entry(*id).or_insert_with(|| User {
                name: self.names.claim(*id, name),
                kind: *kind,
                connections: Vec::new(),
                visits: Vec::new(),
                rooms: Vec::new(),
                lost_at: Some(self.turn.now),
            });
            user.rooms.push(info.id);
            if *kind == UserKind::Guest {
                self.absent.insert(*id);
            }
            room.join(*id, &user.name, PresenceStatus::Offline, *read, &mut self.turn);
            room.set_role(*id, *role);
            if let Some(member) = room.members.get_mut(id) {
                member.closed = *closed;
            }
        }
        self.list(info.id);
    }
}
