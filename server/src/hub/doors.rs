//! Rooms with doors. Who belongs to a private room follows its log: the hub applies each event in its place, so that
//! nobody gets what comes after their removal.

use std::sync::Arc;

use shared::{
    Change, Changed, Person, PresenceStatus, Privilege, RoomAddress, RoomDetails, RoomKind, RoomRole,
    SearchResults, ServerFrame, ShortText, UserId, UserName,
};

use super::room::Room;
use super::state::State;
use super::user::{User, UserKind};
use crate::delivery::encode;
use crate::delivery::outbox::Priority;
use crate::room::{RoomId, RoomInfo};

impl State {
    /// Applies a change of a room before its event is handed out.
    pub(super) fn before_event(&mut self, info: &Arc<RoomInfo>, changed: &Changed) {
        match &changed.change {
            Change::MemberAdded { member, role } => {
                self.restrictions.forget_ended_ban(info, member.user_id, changed.timestamp);
                self.add_member(info, member, *role, changed.by.as_ref());
            }
            Change::RoleChanged { member, role } => {
                let room = self.rooms.get_mut(&info.id);
                if let Some(member) = room.and_then(|room| room.members.get_mut(&member.user_id)) {
                    member.role = *role;
                }
            }
            Change::DetailsChanged(details) => {
                self.change_details(info, details);
            }
            _ => {}
        }
    }

    /// Applies a change of a room after its event was handed out.
    pub(super) fn after_event(&mut self, info: &Arc<RoomInfo>, changed: &Changed) {
        if let Change::MemberRemoved { member, reason } = &changed.change {
            let by = changed.by.clone().filter(|by| by.user_id != member.user_id);
            self.dismiss(member.user_id, info, by, reason.clone());
        }
    }

    fn change_details(&mut self, info: &RoomInfo, details: &RoomDetails) {
        self.restrictions.follow(info, details);
        let Some(room) = self.rooms.get_mut(&info.id) else { return };
        room.details = Arc::new(details.clone());
        if self.forget_deserted(info.id) {
            // Nobody was in it, and it is not kept any more.
        } else if details.archived {
            self.directory.remove(&info.address, &mut self.turn);
        } else {
            self.list(info.id);
        }
    }

    fn add_member(&mut self, info: &Arc<RoomInfo>, member: &Person, role: RoomRole, by: Option<&Person>) {
        let id = member.user_id;
        if self.closed.contains(&id) {
            return;
        }
        let account = self.accounts.get(&id);
        let user = self.users.entry(id).or_insert_with(|| User {
            name: self.names.claim(id, account.unwrap_or(&member.user)),
            kind: if account.is_some() { UserKind::Account } else { UserKind::Guest },
            connections: Vec::new(),
            visits: Vec::new(),
            rooms: Vec::new(),
            lost_at: Some(self.turn.now),
        });
        let away = |connection: usize| self.connections.get(connection).is_some_and(|entry| entry.away);
        let is_here = !user.connections.is_empty();
        let status = if is_here { user.status(away, self.turn.now) } else { PresenceStatus::Offline };
        let room = self.rooms.entry(info.id).or_insert_with(|| Room::new(info.clone()));
        if !room.join(id, &user.name, status, None, &mut self.turn) {
            return;
        }
        user.rooms.push(info.id);
        room.set_role(id, role);
        self.unsettled.insert(info.id);
        let by = by.filter(|by| by.user_id != id);
        if info.kind == RoomKind::Direct {
            if let Some(member) = room.members.get_mut(&id) {
                // It arrives with the first message.
                member.closed = by.is_some();
            }
        } else if let Some(by) = by {
            let entered = ServerFrame::Entered { room: info.address.clone(), by: Some(by.clone()) };
            self.tell_user(id, &entered);
        }
        self.introduce_to_room(id, info.id);
    }

    /// Ends a membership. The connections of the user get what was handed out before, this notice, and nothing more.
    fn dismiss(&mut self, id: UserId, info: &RoomInfo, by: Option<Person>, reason: Option<ShortText>) {
        if let Some(room) = self.rooms.get_mut(&info.id) {
            room.seal(&mut self.turn);
        }
        self.remove_member(id, info.id);
        let Some(user) = self.users.get_mut(&id) else { return };
        user.rooms.retain(|&other| other != info.id);
        self.tell_user(id, &ServerFrame::Left { room: info.address.clone(), id: None, by, reason });
        self.forget_if_alone(id);
    }

    /// Tells a user what they are in a room and may do there. They may have been removed, or become something else, since
    /// that was found out: then somebody else tells them.
    pub fn tell_standing(
        &mut self,
        room: RoomId,
        user: UserId,
        role: RoomRole,
        may: Vec<Privilege>,
        reports: Option<u32>,
    ) {
        let Some(room) = self.rooms.get_mut(&room) else { return };
        if room.members.get(&user).is_some_and(|member| member.role == role) {
            // The change that this follows from comes first.
            room.seal(&mut self.turn);
            let muted = self.restrictions.muted(&room.info, user, self.turn.wall);
            let room = room.info.address.clone();
            self.tell_user(user, &ServerFrame::Standing { room, role, may, muted, reports });
        }
    }

    /// Sends a frame to every connection of the full protocol.
    pub fn announce(&mut self, frame: &ServerFrame) {
        let bytes = encode::text(frame);
        for (_, entry) in &self.connections {
            self.turn.tell(&entry.handle, &bytes);
        }
    }

    /// Sends a frame to all connections of a user.
    pub(super) fn tell_user(&mut self, id: UserId, frame: &ServerFrame) {
        let Some(user) = self.users.get(&id) else { return };
        let bytes = encode::text(frame);
        for &connection in &user.connections {
            let handle = &self.connections[connection].handle;
            self.turn.tell(handle, &bytes);
        }
    }

    /// Tells the connections of a user that do not follow a private room to join it.
    pub(super) fn tell_followers_to_be(&mut self, id: UserId, info: &RoomInfo) {
        let (Some(user), Some(room)) = (self.users.get(&id), self.rooms.get(&info.id)) else { return };
        let bytes = encode::text(&ServerFrame::Entered { room: info.address.clone(), by: None });
        for &connection in user.connections.iter().filter(|&&other| !room.has_subscriber(other)) {
            let handle = &self.connections[connection].handle;
            self.turn.tell(handle, &bytes);
        }
    }

    /// Returns the room at an address among those that the connection's user is in. Only those are looked at, so that a
    /// room that is hidden takes as long as one that does not exist.
    pub fn own_room(&self, connection: usize, address: &RoomAddress) -> Option<Arc<RoomInfo>> {
        let user = self.users.get(&self.connections.get(connection)?.user)?;
        let mut rooms = user.rooms.iter().filter_map(|id| self.rooms.get(id));
        rooms.find(|room| room.info.address == *address).map(|room| room.info.clone())
    }

    /// Returns the private rooms that somebody is a member of, but for direct conversations.
    pub fn private_rooms(&self, user: UserId) -> Vec<Arc<RoomInfo>> {
        let rooms = self.users.get(&user).into_iter().flat_map(|user| &user.rooms);
        let rooms = rooms.filter_map(|id| self.rooms.get(id)).map(|room| room.info.clone());
        rooms.filter(|room| room.kind == RoomKind::Private).collect()
    }

    /// Returns a member of a room.
    pub fn member(&self, room: RoomId, user: UserId) -> Option<(UserName, RoomRole)> {
        let member = self.rooms.get(&room)?.members.get(&user)?;
        Some((member.name.clone(), member.role))
    }

    /// Returns the moderators of a room.
    pub fn moderators(&self, room: RoomId) -> Vec<UserId> {
        let members = self.rooms.get(&room).into_iter().flat_map(|room| &room.members);
        members.filter(|(_, member)| member.role == RoomRole::Moderator).map(|(&id, _)| id).collect()
    }

    /// Returns what a live room tells of itself, and its number of members.
    pub fn describe(&self, room: RoomId) -> Option<(Arc<RoomDetails>, u64)> {
        let room = self.rooms.get(&room)?;
        Some((room.details.clone(), room.members.len() as u64))
    }

    /// Drops the hits in private rooms that a user is not in any more.
    pub fn readable(&self, user: UserId, results: &mut SearchResults) {
        let rooms = self.users.get(&user).map(|user| &user.rooms[..]).unwrap_or_default();
        let is_in = |address: &RoomAddress| {
            rooms.iter().filter_map(|id| self.rooms.get(id)).any(|room| room.info.address == *address)
        };
        results.hits.retain(|hit| match hit.message.room() {
            Some(room) => !room.is_private() || is_in(room),
            None => false,
        });
    }

    /// Answers a search, without hits in private rooms that the connection's user is not in any more.
    pub fn answer_hits(&mut self, connection: usize, mut results: SearchResults) {
        let Some(entry) = self.connections.get(connection) else { return };
        self.readable(entry.user, &mut results);
        let bytes = encode::text(&ServerFrame::SearchResults(results));
        self.turn.append(&entry.handle, bytes, Priority::Answer);
    }

    /// Removes guests whom the store has forgotten.
    pub fn remove_guests(&mut self, guests: &[UserId]) {
        for &id in guests {
            let is_gone = |user: &User| {
                user.kind == UserKind::Guest && user.connections.is_empty() && user.lost_at.is_some()
            };
            let Some(user) = self.users.get_mut(&id).filter(|user| is_gone(user)) else { continue };
            for room in std::mem::take(&mut user.rooms) {
                self.remove_member(id, room);
            }
            self.remove_user(id);
        }
    }
}
