//! The hub's state: a plain struct with one owner, without sockets or clocks of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use shared::account::Profile;
use shared::limits::{ROOMS_PER_CONNECTION, ROOMS_PER_PERSON};
use shared::{
    PresenceStatus, RoomAddress, RoomEvent, RoomKind, Seq, ServerFrame, SessionId, Timestamp, UserId,
    UserName,
};
use slab::Slab;

use super::catch_up::CatchUpBuffer;
use super::changes::Changes;
use super::message::{Committed, Identity, NotReleased, NotSubscribed, Subscribed};
use super::names::Names;
use super::restrictions::{Restricted, Restrictions};
use super::room::Room;
use super::room_directory::RoomDirectory;
use super::statistics::{Rates, Statistics};
use super::turn::Turn;
use super::user::{User, UserKind};
use crate::delivery::ConnectionHandle;
use crate::delivery::encode;
use crate::delivery::outbox::Priority;
use crate::room::{RoomId, RoomInfo};

/// A signed-in connection.
pub(super) struct Connection {
    pub(super) user: UserId,
    /// The session of an account.
    pub(super) session: Option<SessionId>,
    pub(super) handle: Arc<ConnectionHandle>,
    pub(super) rooms: Vec<RoomId>,
    /// See `visits`.
    pub(super) is_visit: bool,
    pub(super) away: bool,
    pub(super) pinged: bool,
    pub(super) directory: Option<usize>,
}

/// Everything that is live on this node.
pub struct State {
    /// The output of the current turn.
    pub turn: Turn,
    /// Changes to be stored.
    pub changes: Changes,
    pub directory: RoomDirectory,
    pub(super) connections: Slab<Connection>,
    pub(super) users: HashMap<UserId, User>,
    pub(super) rooms: HashMap<RoomId, Room>,
    pub(super) names: Names,
    /// Accounts that were deleted since the start.
    pub(super) closed: HashSet<UserId>,
    /// What is not allowed in rooms at present.
    pub restrictions: Restrictions,
    /// The names of all accounts, whether they are live or not.
    pub(super) accounts: HashMap<UserId, UserName>,
    /// What accounts tell of themselves.
    pub(super) profiles: HashMap<UserId, Arc<Profile>>,
    /// Users without a connection, until they come back or leave.
    pub(super) absent: HashSet<UserId>,
    /// Acks of this turn, sent after the events, so that an author who gets an ack already has the message.
    acks: Vec<(Arc<ConnectionHandle>, Bytes)>,
    /// Rooms with events of this turn that are not sealed yet.
    unsealed: Vec<RoomId>,
    /// Rooms with member changes to announce.
    pub(super) unsettled: HashSet<RoomId>,
    /// Rooms with users typing.
    pub(super) typing: HashSet<RoomId>,
    messages: u64,
    pub(super) rates: Rates,
}

impl State {
    /// Creates a state without connections, users or rooms.
    pub fn new(now: u64, wall: Timestamp) -> Self {
        Self {
            turn: Turn::new(now, wall),
            changes: Changes::default(),
            directory: RoomDirectory::default(),
            connections: Slab::new(),
            users: HashMap::new(),
            rooms: HashMap::new(),
            names: Names::default(),
            closed: HashSet::new(),
            restrictions: Restrictions::default(),
            accounts: HashMap::new(),
            profiles: HashMap::new(),
            absent: HashSet::new(),
            acks: Vec::new(),
            unsealed: Vec::new(),
            unsettled: HashSet::new(),
            typing: HashSet::new(),
            messages: 0,
            rates: Rates::default(),
        }
    }

    /// Adds a signed-in connection. Returns its index in the hub and the name that the user got; `None` if the guest has
    /// become an account meanwhile.
    pub fn attach(
        &mut self,
        identity: &Identity,
        handle: Arc<ConnectionHandle>,
    ) -> Option<(usize, UserName)> {
        // An account may have another name by now.
        let present = self.accounts.get(&identity.user).cloned();
        let is_account = present.is_some();
        match identity.kind {
            UserKind::Account if !is_account => self.open_account(identity.user, &identity.wanted),
            UserKind::Guest if is_account => return None,
            UserKind::Account | UserKind::Guest | UserKind::Demo => {}
        }
        let connection = self.connections.insert(Connection {
            user: identity.user,
            session: identity.session,
            handle,
            rooms: Vec::new(),
            is_visit: false,
            away: false,
            pinged: false,
            directory: None,
        });
        let user = self.users.entry(identity.user).or_insert_with(|| User {
            name: self.names.claim(identity.user, present.as_ref().unwrap_or(&identity.wanted)),
            kind: identity.kind,
            connections: Vec::new(),
            visits: Vec::new(),
            rooms: Vec::new(),
            lost_at: None,
        });
        user.connections.push(connection);
        user.lost_at = None;
        self.absent.remove(&identity.user);
        if user.is_stored() {
            self.changes.seen.insert(identity.user);
        }
        let name = user.name.clone();
        self.connections[connection].handle.set_name(&name);
        self.settle_status(identity.user);
        Some((connection, name))
    }

    /// Subscribes a connection to a room and makes its user a member. If `held`, live events wait until
    /// [`Self::release`].
    ///
    /// # Errors
    /// The connection is gone, or a room limit is reached.
    pub fn subscribe(
        &mut self,
        connection: usize,
        info: &Arc<RoomInfo>,
        held: bool,
    ) -> Result<Subscribed, NotSubscribed> {
        let away = |connection: usize| self.connections.get(connection).is_some_and(|entry| entry.away);
        let user_id = self.connections.get(connection).ok_or(NotSubscribed::Gone)?.user;
        let user = self.users.get(&user_id).ok_or(NotSubscribed::Gone)?;
        if user.kind == UserKind::Account && !self.accounts.contains_key(&user_id) {
            // Deleted while the connection is being closed.
            return Err(NotSubscribed::Gone);
        }
        if info.is_private() {
            // A ban ends the membership. Whoever is a member came in after it.
            if !user.rooms.contains(&info.id) {
                return Err(NotSubscribed::NotAMember);
            }
        } else if let Some(Restricted::Banned(left)) = self.restrictions.banned(info, user_id, self.turn.wall)
        {
            self.abandon(info.id);
            return Err(NotSubscribed::Banned(left));
        }
        let is_here = !user.connections.is_empty();
        let status = if is_here { user.status(away, self.turn.now) } else { PresenceStatus::Offline };
        let (own, followed) = (&user.rooms, &self.connections[connection].rooms);
        // Conversations do not count as rooms. They are counted only where there is enough else.
        let is_full = |rooms: &Vec<RoomId>, most: usize| {
            !rooms.contains(&info.id)
                && rooms.len() >= most
                && info.kind != RoomKind::Direct
                && rooms.len() - self.count_conversations(rooms) >= most
        };
        if is_full(own, ROOMS_PER_PERSON) || is_full(followed, ROOMS_PER_CONNECTION) {
            self.abandon(info.id);
            return Err(NotSubscribed::TooManyRooms);
        }
        if !self.rooms.contains_key(&info.id) {
            self.restrictions.follow(info, &info.details);
        }
        let user = self.users.get_mut(&user_id).ok_or(NotSubscribed::Gone)?;
        let entry = &mut self.connections[connection];
        let room = self.rooms.entry(info.id).or_insert_with(|| Room::new(info.clone()));
        // A mark that is not stored yet is newer than the stored one.
        let read = self.changes.mark(info.id, user_id);
        let mut elsewhere = Vec::new();
        let is_new = room.join(user_id, &user.name, status, read, &mut self.turn);
        if is_new {
            self.restrictions.forget_ended_ban(info, user_id, self.turn.wall);
            user.rooms.push(info.id);
            elsewhere = user.connections.iter().copied().filter(|&other| other != connection).collect();
            if user.is_stored() {
                self.changes.memberships.insert((info.id, user_id), true);
            }
            if room.members.len() == 1 {
                self.changes.rooms.insert(info.id, true);
            }
            self.unsettled.insert(info.id);
        }
        let catch_up = if held { CatchUpBuffer::buffering() } else { CatchUpBuffer::Live };
        room.subscribe(connection, user_id, entry.handle.clone(), catch_up);
        if !entry.rooms.contains(&info.id) {
            entry.rooms.push(info.id);
        }
        entry.handle.enter(info);
        if is_new {
            self.list(info.id);
            self.introduce_to_room(user_id, info.id);
        }
        if info.is_private() {
            self.reopen(info, user_id);
            self.tell_followers_to_be(user_id, info);
        }
        for other in elsewhere {
            let entered = ServerFrame::Entered { room: info.address.clone(), by: None };
            self.turn.tell(&self.connections[other].handle, &encode::text(&entered));
        }
        let people = self.people(info);
        let room = self.rooms.entry(info.id).or_insert_with(|| Room::new(info.clone()));
        let details = room.details.clone();
        let member = room.members.get(&user_id);
        let read = member.and_then(|member| member.read);
        let role = member.map(|member| member.role).unwrap_or_default();
        let is_unstored = self.changes.is_unstored(info.id, user_id);
        let member_count = room.members.len() as u64;
        let head = room.head;
        Ok(Subscribed { is_new, is_unstored, member_count, head, read, role, details, people })
    }

    /// Nobody comes into a room that was opened for this join.
    fn abandon(&mut self, room: RoomId) {
        if !self.rooms.contains_key(&room) {
            self.changes.rooms.insert(room, false);
        }
    }

    /// Answers with `frame`, then lets the room's live events through. The members of a `joined` are filled in here, so
    /// that no change of them is lost in between.
    ///
    /// # Errors
    /// The read of the log must reach further, or the user left.
    pub fn release(
        &mut self,
        connection: usize,
        room: RoomId,
        at: Seq,
        frame: &mut ServerFrame,
    ) -> Result<(), NotReleased> {
        let members = self.rooms.get(&room).ok_or(NotReleased::Left)?;
        if let ServerFrame::Joined(joined) = frame {
            joined.member_count = members.members.len() as u64;
            joined.details = (*members.details).clone();
            if let Some(entry) = self.connections.get(connection) {
                joined.muted = self.restrictions.muted(&members.info, entry.user, self.turn.wall);
            }
            joined.people = self.people(&members.info);
            if joined.snapshot {
                joined.members = members.members_page(None, shared::limits::MEMBERS_PAGE).0;
                self.introduce_members(connection, &joined.members);
            }
        }
        let Some(room) = self.rooms.get_mut(&room) else { return Err(NotReleased::Left) };
        room.release(connection, at, frame, &mut self.turn)
    }

    /// Returns the rooms that a connection's user is in, without conversations that are not in their list.
    pub fn memberships(&self, connection: usize) -> HashSet<RoomAddress> {
        let Some(entry) = self.connections.get(connection) else { return HashSet::new() };
        let user = self.users.get(&entry.user);
        let rooms = user.into_iter().flat_map(|user| &user.rooms).filter_map(|id| self.rooms.get(id));
        let listed = rooms.filter(|room| room.members.get(&entry.user).is_none_or(|member| !member.closed));
        listed.map(|room| room.info.address.clone()).collect()
    }

    /// Ends this connection's subscription; the user stays a member.
    pub fn unsubscribe(&mut self, connection: usize, id: RoomId) {
        let Some(entry) = self.connections.get_mut(connection) else { return };
        entry.rooms.retain(|&other| other != id);
        entry.handle.exit(id);
        if let Some(room) = self.rooms.get_mut(&id) {
            room.unsubscribe(connection);
        }
    }

    /// Fans out a batch that was committed together, and acks the authors.
    pub fn deliver(&mut self, batch: Vec<Committed>) {
        for Committed { room, event, ack } in batch {
            if let Some(event) = event {
                self.publish(&room, &event);
            }
            if let Some(ack) = ack.filter(|ack| !ack.requester.handle.is_demo()) {
                let frame = ServerFrame::Ack {
                    message_id: ack.message_id,
                    room: room.address.clone(),
                    seq: ack.seq,
                    timestamp: ack.timestamp,
                    client_message_id: ack.client_message_id,
                    id: ack.requester.id,
                };
                self.acks.push((ack.requester.handle, encode::text(&frame)));
            }
        }
    }

    fn publish(&mut self, info: &Arc<RoomInfo>, event: &RoomEvent) {
        let id = info.id;
        match event {
            RoomEvent::Posted(_) => self.messages += 1,
            RoomEvent::Changed(changed) => self.before_event(info, changed),
            RoomEvent::Unknown { .. } => {}
        }
        let Some(room) = self.rooms.get_mut(&id) else { return };
        room.publish(event, &mut self.turn);
        self.unsealed.push(id);
        if let RoomEvent::Posted(posted) = event
            && room.read_own(posted.sender_id, posted.seq)
            && self.users.get(&posted.sender_id).is_some_and(User::is_stored)
        {
            self.changes.reads.insert((id, posted.sender_id), posted.seq);
        }
        match event {
            RoomEvent::Posted(_) => self.arrive(info),
            RoomEvent::Changed(changed) => self.after_event(info, changed),
            RoomEvent::Unknown { .. } => {}
        }
    }

    /// Announces how many members a room of the list has.
    pub(super) fn list(&mut self, id: RoomId) {
        let is_listed = |room: &&Room| !room.info.is_private() && !room.details.archived;
        if let Some(room) = self.rooms.get(&id).filter(is_listed) {
            self.directory.set(&room.info.address, room.members.len() as u64);
        }
    }

    /// Writes everything that this turn has collected.
    pub fn finish_turn(&mut self) {
        for id in self.unsealed.drain(..) {
            if let Some(room) = self.rooms.get_mut(&id) {
                room.seal(&mut self.turn);
            }
        }
        for (handle, ack) in self.acks.drain(..) {
            self.turn.append(&handle, ack, Priority::Answer);
        }
        self.turn.flush();
    }

    /// Updates a user's status in their rooms, to be announced if it changed.
    pub(super) fn settle_status(&mut self, person: UserId) {
        let Some(user) = self.users.get(&person) else { return };
        let away = |connection: usize| self.connections.get(connection).is_some_and(|entry| entry.away);
        let status = user.status(away, self.turn.now);
        for id in &user.rooms {
            if let Some(room) = self.rooms.get_mut(id) {
                room.set_status(person, status);
                self.unsettled.insert(*id);
            }
        }
    }

    pub fn statistics(&self) -> Statistics {
        let (messages_per_second, deliveries_per_second) = self.rates.per_second();
        Statistics {
            connections: self.connections.len(),
            users: self.users.values().filter(|user| !user.connections.is_empty()).count(),
            rooms: self.rooms.values().filter(|room| !room.info.is_private()).count(),
            messages: self.messages,
            deliveries: self.turn.deliveries,
            slow_consumers: self.turn.overflows,
            messages_per_second,
            deliveries_per_second,
        }
    }

    pub(super) fn stop_typing(&mut self, id: RoomId, user: UserId) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        if room.typing.stop(user)
            && let Some(name) = room.members.get(&user).map(|member| member.name.clone())
        {
            room.say_typing(user, &name, false, &mut self.turn);
        }
    }
}
