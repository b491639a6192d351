//! Accounts: names that are theirs, and sessions that end.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use shared::account::{DELETED, Profile};
use shared::{CloseCode, Member, ServerFrame, SessionId, UserId, UserName};

use super::room::Room;
use super::state::State;
use super::user::UserKind;
use crate::delivery::{Priority, encode};
use crate::network::network_of;
use crate::room::RoomId;

impl State {
    /// Gives an account its name. A guest whose name looks like it gets another one.
    pub fn reserve_name(&mut self, account: UserId, name: &UserName) {
        self.accounts.insert(account, name.clone());
        for other in self.names.reserve(account, name) {
            self.rename(other);
        }
    }

    /// [`Self::reserve_name`] of a new account. A guest who is the account has its connections closed, and is a member of
    /// its rooms until the account leaves.
    pub fn open_account(&mut self, account: UserId, name: &UserName) {
        let before = self.users.get(&account).map(|user| user.name.clone());
        if let Some(before) = before.filter(|before| before != name) {
            self.names.release(account, &before);
        }
        self.reserve_name(account, name);
        let Some(user) = self.users.get_mut(&account) else { return };
        user.kind = UserKind::Account;
        for &connection in &user.connections {
            let outbox = &self.connections[connection].handle.outbox;
            outbox.close(CloseCode::SessionEnded, "the guest is an account now");
        }
        self.call(account, name);
    }

    /// Records what an account tells of itself.
    pub fn set_profile(&mut self, account: UserId, profile: Option<Arc<Profile>>) {
        match profile {
            Some(profile) => self.profiles.insert(account, profile),
            None => self.profiles.remove(&account),
        };
    }

    /// [`Self::set_profile`], and tells everybody who shares a room with it.
    pub fn change_profile(&mut self, account: UserId, profile: Option<Arc<Profile>>) {
        self.set_profile(account, profile);
        self.tell_of(account);
    }

    /// Takes an account that was deleted out of its rooms, and closes its connections.
    pub fn close_account(&mut self, account: UserId) {
        let Some(name) = self.accounts.remove(&account) else { return };
        self.closed.insert(account);
        self.profiles.remove(&account);
        self.names.retire(account, &name, None);
        // Whoever shows what it wrote learns that its author has no name any more.
        if let Ok(nobody) = UserName::new(DELETED) {
            self.call(account, &nobody);
        }
        let Some(user) = self.users.get_mut(&account) else { return };
        for &connection in &user.connections {
            let outbox = &self.connections[connection].handle.outbox;
            outbox.close(CloseCode::SessionEnded, "the account is deleted");
        }
        for room in std::mem::take(&mut user.rooms) {
            self.remove_member(account, room);
        }
        self.forget_if_alone(account);
    }

    /// Keeps a former name of an account from others.
    pub fn reserve_former(&mut self, account: UserId, former: &UserName) {
        self.names.retire(account, former, self.accounts.get(&account));
    }

    /// Gives an account another name, and keeps the one that it had from others.
    pub fn rename_account(&mut self, account: UserId, name: &UserName) {
        let Some(former) = self.accounts.get(&account).cloned() else { return };
        self.reserve_name(account, name);
        self.names.retire(account, &former, Some(name));
        self.call(account, name);
    }

    /// Frees former names of accounts. `kept` are those that are not free yet; they may look like one of the others.
    pub fn free_names(&mut self, names: &[(UserId, UserName)], kept: &[(UserId, UserName)]) {
        for (account, former) in names {
            self.names.free(*account, former, self.accounts.get(account));
        }
        for (account, former) in kept {
            self.reserve_former(*account, former);
        }
    }

    /// Closes the connections of sessions that have ended.
    pub fn end_sessions(&mut self, sessions: &HashSet<SessionId>) {
        for (_, connection) in &self.connections {
            if connection.session.is_some_and(|session| sessions.contains(&session)) {
                connection.handle.outbox.close(CloseCode::SessionEnded, "the session has ended");
            }
        }
    }

    /// Closes the connections of everybody who has no account.
    pub fn end_guests(&mut self) {
        for (_, connection) in &self.connections {
            if connection.session.is_none() {
                connection.handle.outbox.close(CloseCode::GuestsClosed, "guests may not come in any more");
            }
        }
    }

    /// Returns where the connections of a user come from.
    pub fn addresses(&self, user: UserId) -> Vec<IpAddr> {
        let connections = self.users.get(&user).into_iter().flat_map(|user| &user.connections);
        connections.filter_map(|&connection| self.connections.get(connection)?.handle.address).collect()
    }

    /// Closes the connections of a user, or those from a network, because they are banned.
    pub fn expel(&mut self, user: Option<UserId>, address: Option<IpAddr>) {
        for (_, connection) in &self.connections {
            let from = connection.handle.address.map(network_of);
            if user == Some(connection.user) || address.is_some() && from == address {
                connection.handle.outbox.close(CloseCode::Removed, "banned from this server");
            }
        }
    }

    /// Gives a user a new name like the one that they lost.
    fn rename(&mut self, id: UserId) {
        let Some(user) = self.users.get(&id) else { return };
        let lost = user.name.clone();
        self.names.release(id, &lost);
        let name = self.names.claim(id, &lost);
        self.call(id, &name);
    }

    /// Sets the name of a user, and tells everybody who shares a room with them if it is another one.
    fn call(&mut self, id: UserId, name: &UserName) {
        let Some(user) = self.users.get_mut(&id).filter(|user| user.name != *name) else { return };
        user.name = name.clone();
        for &connection in &user.connections {
            self.connections[connection].handle.set_name(name);
        }
        for room in &user.rooms {
            let member = self.rooms.get_mut(room).and_then(|room| room.members.get_mut(&id));
            if let Some(member) = member {
                member.name = name.clone();
            }
        }
        self.tell_of(id);
    }

    /// Tells who a user is at present to everybody who shares a room with them, and to themselves.
    fn tell_of(&mut self, id: UserId) {
        let Some(user) = self.users.get(&id) else { return };
        let mut audience: HashSet<usize> = user.connections.iter().copied().collect();
        let rooms = user.rooms.iter().filter_map(|room| self.rooms.get(room));
        audience.extend(rooms.flat_map(Room::listeners));
        let bytes = self.introduction(id, &user.name);
        for connection in audience {
            let handle = &self.connections[connection].handle;
            self.turn.tell(handle, &bytes);
        }
    }

    /// Tells the listeners of a room what somebody who comes in tells of themselves.
    pub(super) fn introduce_to_room(&mut self, id: UserId, room: RoomId) {
        let (Some(user), Some(room)) = (self.users.get(&id), self.rooms.get(&room)) else { return };
        if self.profiles.contains_key(&id) {
            let bytes = self.introduction(id, &user.name);
            for connection in room.listeners() {
                let handle = &self.connections[connection].handle;
                self.turn.tell(handle, &bytes);
            }
        }
    }

    /// Tells a connection what members of a room tell of themselves.
    pub(super) fn introduce_members(&mut self, connection: usize, members: &[Member]) {
        let Some(connection) = self.connections.get(connection) else { return };
        for Member { user_id, username, .. } in members {
            if self.profiles.contains_key(user_id) {
                let bytes = self.introduction(*user_id, username);
                self.turn.append(&connection.handle, bytes, Priority::Answer);
            }
        }
    }

    fn introduction(&self, user_id: UserId, name: &UserName) -> Bytes {
        let profile = self.profiles.get(&user_id).cloned();
        encode::text(&ServerFrame::UserChanged { user: name.clone(), user_id, profile })
    }
}
