//! What users do besides writing: typing and presence.

use super::state::State;
use crate::room::RoomId;

impl State {
    /// Handles a connection's report that typing started or stopped.
    pub fn set_typing(&mut self, connection: usize, id: RoomId, is_typing: bool) {
        let Some(user) = self.connections.get(connection).map(|entry| entry.user) else { return };
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let Some(name) = room.members.get(&user).map(|member| member.name.clone()) else { return };
        if room.typing.set(user, &name, is_typing, self.turn.now) {
            room.say_typing(user, &name, is_typing, &mut self.turn);
        }
        self.typing.insert(id);
    }

    /// Marks a connection as unattended (`away`) or attended again.
    pub fn set_away(&mut self, connection: usize, away: bool) {
        let Some(entry) = self.connections.get_mut(connection) else { return };
        entry.away = away;
        let user = entry.user;
        self.settle_status(user);
    }

    /// Marks every connected user as seen, so that a connection that lasts for days does not outlive its session.
    pub fn touch_present(&mut self) {
        let present = self.users.iter().filter(|(_, user)| user.is_stored() && !user.connections.is_empty());
        self.changes.seen.extend(present.map(|(id, _)| *id));
    }
}
