//! Direct conversations. One arrives with its first message, and one that was taken out of somebody's list comes back
//! with the next one: a membership lasts.

use std::sync::Arc;

use shared::account::DELETED;
use shared::{Member, Person, PresenceStatus, RoomKind, RoomRole, ServerFrame, UserId, UserName, Whom};

use super::message::{Conversations, Found};
use super::state::State;
use super::user::UserKind;
use crate::delivery::encode;
use crate::room::{RoomId, RoomInfo};

impl State {
    /// Takes a conversation out of the list of the connection's user, on all their connections. Returns `false` if they
    /// were not in it.
    pub fn close_conversation(&mut self, connection: usize, id: RoomId) -> bool {
        let Some(user_id) = self.connections.get(connection).map(|entry| entry.user) else { return false };
        let (Some(user), Some(room)) = (self.users.get(&user_id), self.rooms.get_mut(&id)) else {
            return false;
        };
        let Some(member) = room.members.get_mut(&user_id) else { return false };
        member.closed = true;
        let head = room.head.unwrap_or_default();
        // What was written until now comes before the end.
        room.seal(&mut self.turn);
        self.changes.closed.insert((id, user_id), Some(head));
        let left = ServerFrame::Left { room: room.info.address.clone(), id: None, by: None, reason: None };
        let bytes = encode::text(&left);
        for &other in user.connections.iter().filter(|&&other| other != connection) {
            let handle = &self.connections[other].handle;
            self.turn.tell(handle, &bytes);
        }
        self.take_from(user_id, id);
        self.stop_typing(id, user_id);
        true
    }

    /// A conversation is in the list of one of its people from now on.
    pub(super) fn reopen(&mut self, info: &Arc<RoomInfo>, user: UserId) {
        let room = self.rooms.get_mut(&info.id);
        let Some(member) = room.and_then(|room| room.members.get_mut(&user)) else { return };
        if std::mem::take(&mut member.closed) {
            self.changes.closed.insert((info.id, user), None);
        }
    }

    /// Something was written: whoever does not have the conversation in their list has it now.
    pub(super) fn arrive(&mut self, info: &Arc<RoomInfo>) {
        if info.kind != RoomKind::Direct {
            return;
        }
        let Some(room) = self.rooms.get(&info.id) else { return };
        let closed = room.members.iter().filter(|(_, member)| member.closed);
        for user in closed.map(|(&user, _)| user).collect::<Vec<_>>() {
            self.reopen(info, user);
            self.tell_followers_to_be(user, info);
        }
    }

    /// Who the people of a conversation are at present.
    pub(super) fn people(&self, info: &RoomInfo) -> Vec<Member> {
        let room = self.rooms.get(&info.id);
        let name = |id: &UserId| {
            let user = self.users.get(id).map(|user| &user.name);
            self.accounts.get(id).or(user).cloned().or_else(|| UserName::new(DELETED).ok())
        };
        let person = |&user_id: &UserId| {
            let status = room.and_then(|room| room.members.get(&user_id)).map(|member| member.status);
            let (username, role) = (name(&user_id)?, RoomRole::Member);
            Some(Member { user_id, username, status: status.unwrap_or(PresenceStatus::Offline), role })
        };
        info.people.iter().filter_map(person).collect()
    }

    /// The conversations of a connection's user.
    pub fn conversations(&self, connection: usize) -> Conversations {
        let mut all = Conversations::default();
        let Some(user_id) = self.connections.get(connection).map(|entry| entry.user) else { return all };
        let rooms = self.users.get(&user_id).map(|user| &user.rooms[..]).unwrap_or_default();
        for room in rooms.iter().filter_map(|id| self.rooms.get(id)) {
            if let Some(member) = room.members.get(&user_id).filter(|_| room.info.kind == RoomKind::Direct) {
                let list = if member.closed { &mut all.closed } else { &mut all.listed };
                list.push(room.info.address.clone());
            }
        }
        all
    }

    /// How many rooms somebody is in, and how many direct conversations they have.
    pub fn count_rooms(&self, user: UserId) -> (usize, usize) {
        let rooms = self.users.get(&user).map(|user| &user.rooms[..]).unwrap_or_default();
        let conversations = self.count_conversations(rooms);
        (rooms.len() - conversations, conversations)
    }

    /// How many of these rooms are direct conversations.
    pub(super) fn count_conversations(&self, rooms: &[RoomId]) -> usize {
        let is_direct =
            |id: &&RoomId| self.rooms.get(id).is_some_and(|room| room.info.kind == RoomKind::Direct);
        rooms.iter().filter(is_direct).count()
    }

    /// Looks for somebody who can be invited or written to: an account, or a guest who is here or a member somewhere.
    pub fn find_user(&self, whom: &Whom) -> Option<Found> {
        let user_id = match whom {
            Whom::Id(id) => *id,
            Whom::Name(name) => self.names.owner(&name.key())?,
        };
        let live = self.users.get(&user_id);
        let account = self.accounts.get(&user_id);
        let guest = live.filter(|user| user.is_stored());
        let user = account.cloned().or_else(|| guest.map(|user| user.name.clone()))?;
        let is_here = live.is_some_and(|user| user.kind == UserKind::Account || user.lost_at.is_none());
        let (rooms, conversations) = self.count_rooms(user_id);
        let person = Person { user_id, user };
        Some(Found { person, can_be_met: account.is_some() || is_here, rooms, conversations })
    }
}
