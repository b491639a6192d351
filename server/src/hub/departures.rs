//! Departures of users: on a clean close, from a single room, or by timeout.

use shared::{CloseCode, ServerFrame, UserId};

use super::state::State;
use super::user::{LEAVES_AFTER, OFFLINE_AFTER, User, UserKind};
use crate::delivery::encode;
use crate::room::RoomId;

/// Memberships that may time out within one tick (250 ms). After a restart this spreads the departures of all members
/// who have not come back.
const DEPARTURES: usize = 500;

/// When the server stops, reconnects are spread over this long, in milliseconds.
const RECONNECT_SPREAD: u64 = 3_000;

impl State {
    /// Closes all connections because the server stops.
    pub fn close_all(&self) {
        let count = self.connections.len().max(1) as u64;
        for (place, (_, connection)) in self.connections.iter().enumerate() {
            let wait = RECONNECT_SPREAD * place as u64 / count;
            let reason = format!("retry_after_ms={wait}");
            connection.handle.outbox.close(CloseCode::GoingAway, &reason);
        }
    }

    /// Handles the end of a connection: closed cleanly, or it broke and may resume.
    pub fn detach(&mut self, connection: usize, clean: bool) {
        let Some(gone) = self.connections.try_remove(connection) else { return };
        if let Some(watch) = gone.directory {
            self.directory.unwatch(watch);
        }
        for room in &gone.rooms {
            if let Some(room) = self.rooms.get_mut(room) {
                room.unsubscribe(connection);
            }
        }
        let Some(user) = self.users.get_mut(&gone.user) else { return };
        if gone.is_visit {
            user.visits.retain(|&other| other != connection);
            self.forget_if_alone(gone.user);
            return;
        }
        user.connections.retain(|&other| other != connection);
        if !user.connections.is_empty() {
            self.settle_status(gone.user);
            return;
        }
        user.lost_at = Some(self.turn.now);
        let kind = user.kind;
        if user.is_stored() {
            self.changes.seen.insert(gone.user);
        }
        for id in user.rooms.clone() {
            self.stop_typing(id, gone.user);
        }
        match kind {
            UserKind::Account if clean => self.rest(gone.user),
            UserKind::Guest if !clean => drop(self.absent.insert(gone.user)),
            UserKind::Account => drop(self.absent.insert(gone.user)),
            UserKind::Guest | UserKind::Demo => self.remove_user(gone.user),
        }
    }

    /// Removes the user from a room with all their connections. Returns `false` if they were not in it.
    pub fn leave(&mut self, connection: usize, id: RoomId) -> bool {
        let Some(user_id) = self.connections.get(connection).map(|entry| entry.user) else { return false };
        let Some(room) = self.rooms.get(&id) else { return false };
        if !room.members.contains_key(&user_id) {
            return false;
        }
        let address = room.info.address.clone();
        self.remove_member(user_id, id);
        let Some(user) = self.users.get_mut(&user_id) else { return false };
        user.rooms.retain(|&other| other != id);
        let bytes = encode::text(&ServerFrame::Left { room: address, id: None, by: None, reason: None });
        for &other in user.connections.iter().filter(|&&other| other != connection) {
            let handle = &self.connections[other].handle;
            self.turn.tell(handle, &bytes);
        }
        true
    }

    /// Announces absences that have lasted long enough, or ends the memberships of those users.
    pub(super) fn settle_absent(&mut self) {
        let lost = |user: &User| user.lost_at.unwrap_or(self.turn.now);
        let due: Vec<(UserId, bool)> = self
            .absent
            .iter()
            .filter_map(|id| {
                let since = self.turn.now - lost(self.users.get(id)?);
                (since >= OFFLINE_AFTER).then_some((*id, since >= LEAVES_AFTER))
            })
            .collect();
        let mut departures = 0;
        for (id, leaves) in due {
            let Some(user) = self.users.get(&id) else { continue };
            if user.kind == UserKind::Account {
                self.settle_status(id);
                self.absent.remove(&id);
                self.forget_if_alone(id);
            } else if leaves && departures < DEPARTURES {
                departures += user.rooms.len().max(1);
                self.remove_user(id);
            } else {
                self.settle_status(id);
            }
        }
    }

    /// An account has closed its last connection cleanly: it is offline at once, and stays a member of its rooms.
    fn rest(&mut self, id: UserId) {
        let Some(user) = self.users.get(&id) else { return };
        for room in &user.rooms {
            if let Some(room) = self.rooms.get_mut(room) {
                room.go_offline(id, &mut self.turn);
            }
        }
        self.forget_if_alone(id);
    }

    /// Nothing is live of somebody who is offline and in no room. The name of an account stays reserved.
    pub(super) fn forget_if_alone(&mut self, id: UserId) {
        let is_alone =
            |user: &&User| user.rooms.is_empty() && user.connections.is_empty() && user.visits.is_empty();
        let Some(user) = self.users.get(&id).filter(is_alone) else { return };
        match user.kind {
            UserKind::Account => drop(self.users.remove(&id)),
            UserKind::Guest if !self.absent.contains(&id) => self.remove_user(id),
            UserKind::Guest | UserKind::Demo => {}
        }
    }

    /// A guest or a demo client has gone. A guest stays a member of private rooms, to which it was invited.
    pub(super) fn remove_user(&mut self, id: UserId) {
        self.absent.remove(&id);
        let Some(user) = self.users.get(&id) else { return };
        let mut kept = Vec::new();
        for id_of_room in user.rooms.clone() {
            let Some(room) = self.rooms.get_mut(&id_of_room) else { continue };
            room.go_offline(id, &mut self.turn);
            if room.info.is_private() {
                kept.push(id_of_room);
            } else {
                self.remove_member(id, id_of_room);
            }
        }
        if !kept.is_empty() {
            if let Some(user) = self.users.get_mut(&id) {
                user.rooms = kept;
            }
        } else if let Some(user) = self.users.remove(&id) {
            self.names.release(id, &user.name);
        }
    }

    pub(super) fn remove_member(&mut self, user_id: UserId, id: RoomId) {
        self.take_from(user_id, id);
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let Some(user) = self.users.get(&user_id) else { return };
        if !room.leave(user_id, &mut self.turn) {
            return;
        }
        // The log decides who belongs to a private room.
        if user.is_stored() && !room.info.is_private() {
            self.changes.memberships.insert((id, user_id), false);
        }
        self.unsettled.insert(id);
        if !self.forget_deserted(id) {
            self.list(id);
        }
    }

    /// Forgets a room that nobody is in, unless it is kept. Returns whether it did.
    pub(super) fn forget_deserted(&mut self, id: RoomId) -> bool {
        let Some(room) = self.rooms.get_mut(&id) else { return false };
        if !room.members.is_empty() || room.details.permanent {
            return false;
        }
        room.seal(&mut self.turn);
        self.directory.remove(&room.info.address, &mut self.turn);
        self.changes.rooms.insert(id, false);
        self.rooms.remove(&id);
        self.unsettled.remove(&id);
        self.typing.remove(&id);
        true
    }
}
