//! Accounts: names that are theirs, and sessions that end.

use std::collections::HashSet;

use shared::account::DELETED;
use shared::{CloseCode, ServerFrame, SessionId, UserId, UserName};

use super::state::State;
use super::user::UserKind;
use crate::delivery::{Priority, encode};

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
        self.call(account, name.clone());
    }

    /// Takes an account that was deleted out of its rooms, and closes its connections.
    pub fn close_account(&mut self, account: UserId) {
        let Some(name) = self.accounts.remove(&account) else { return };
        self.names.retire(account, &name, None);
        // Whoever shows what it wrote learns that its author has no name any more.
        if let Ok(nobody) = UserName::new(DELETED) {
            self.call(account, nobody);
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
        self.call(account, name.clone());
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

    /// Gives a user a new name like the one that they lost.
    fn rename(&mut self, id: UserId) {
        let Some(user) = self.users.get(&id) else { return };
        let lost = user.name.clone();
        self.names.release(id, &lost);
        let name = self.names.claim(id, &lost);
        self.call(id, name);
    }

    /// Sets the name of a user, and tells everybody who shares a room with them if it is another one.
    fn call(&mut self, id: UserId, name: UserName) {
        let Some(user) = self.users.get_mut(&id).filter(|user| user.name != name) else { return };
        user.name = name.clone();
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
