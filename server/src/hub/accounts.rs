//! Accounts: names that are theirs, and sessions that end.

use std::collections::HashSet;

use shared::{CloseCode, ServerFrame, SessionId, UserId, UserName};

use super::state::State;
use crate::delivery::{Priority, encode};

impl State {
    /// Gives an account its name. A guest whose name looks like it gets another one.
    pub fn reserve_name(&mut self, account: UserId, name: &UserName) {
        for other in self.names.reserve(account, name) {
            self.rename(other);
        }
    }

    /// Closes the connections of sessions that have ended.
    pub fn end_sessions(&mut self, sessions: &[SessionId]) {
        for (_, connection) in &self.connections {
            if connection.session.is_some_and(|session| sessions.contains(&session)) {
                connection.handle.outbox.close(CloseCode::SessionEnded, "the session has ended");
            }
        }
    }

    /// Gives a user a new name like the one that they lost, and tells everybody who shares a room with them.
    fn rename(&mut self, id: UserId) {
        let Some(user) = self.users.get_mut(&id) else { return };
        let lost = user.name.clone();
        self.names.release(id, &lost);
        user.name = self.names.claim(id, &lost);
        let name = user.name.clone();
        let mut audience: HashSet<usize> = user.connections.iter().copied().collect();
        for &connection in &user.connections {
            self.connections[connection].handle.set_name(&name);
        }
        for room in &user.rooms {
            let Some(room) = self.rooms.get_mut(room) else { continue };
            if let Some(member) = room.members.get_mut(&id) {
                member.name = name.clone();
            }
            audience.extend(room.listeners());
        }
        let bytes = encode::text(&ServerFrame::UserChanged { user: name, user_id: id });
        for connection in audience {
            let handle = &self.connections[connection].handle;
            if !handle.is_demo() {
                self.turn.append(handle, bytes.clone(), Priority::Live);
            }
        }
    }
}
