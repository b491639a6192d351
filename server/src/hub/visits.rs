//! Visits: requests over HTTP. For its time each is a connection that gets answers and no events, and that nobody sees:
//! it changes neither presence nor how long a guest stays.

use std::sync::Arc;

use shared::{RoomAddress, UserId, UserName};

use super::message::Visitor;
use super::state::{Connection, State};
use super::user::{OFFLINE_AFTER, User, UserKind};
use crate::delivery::ConnectionHandle;
use crate::room::RoomId;

impl State {
    /// Adds a visit, in the room at `address` if its user is a member there. Returns its index in the hub and the user's
    /// name; `None` if this is a guest who is not here, or an account that was deleted.
    pub fn visit(
        &mut self,
        visitor: &Visitor,
        address: Option<&RoomAddress>,
        handle: Arc<ConnectionHandle>,
    ) -> Option<(usize, UserName)> {
        let account = self.accounts.get(&visitor.user).cloned();
        if account.is_some() != visitor.session.is_some() {
            return None;
        }
        if let Some(name) = account {
            let long_ago = self.turn.now.saturating_sub(OFFLINE_AFTER);
            self.users.entry(visitor.user).or_insert_with(|| User {
                name: self.names.claim(visitor.user, &name),
                kind: UserKind::Account,
                connections: Vec::new(),
                visits: Vec::new(),
                rooms: Vec::new(),
                lost_at: Some(long_ago),
            });
        }
        let user = self.users.get_mut(&visitor.user)?;
        let connection = self.connections.insert(Connection {
            user: visitor.user,
            session: visitor.session,
            handle,
            rooms: Vec::new(),
            is_visit: true,
            away: false,
            pinged: false,
            directory: None,
        });
        user.visits.push(connection);
        let name = user.name.clone();
        let room = address.and_then(|address| self.own_room(connection, address));
        let entry = &mut self.connections[connection];
        entry.handle.set_name(&name);
        if let Some(room) = room {
            entry.rooms.push(room.id);
            entry.handle.enter(&room);
        }
        Some((connection, name))
    }

    /// Takes a room from all connections of a user. They get nothing of it any more.
    pub(super) fn take_from(&mut self, user: UserId, id: RoomId) {
        let (Some(user), Some(room)) = (self.users.get(&user), self.rooms.get_mut(&id)) else { return };
        for &connection in user.connections.iter().chain(&user.visits) {
            room.unsubscribe(connection);
            let entry = &mut self.connections[connection];
            entry.rooms.retain(|&other| other != id);
            entry.handle.exit(id);
        }
    }
}
