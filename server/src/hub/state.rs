//! The hub's state: a plain struct with one owner, without sockets or clocks of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use shared::limits::{ROOMS_PER_CONNECTION, ROOMS_PER_PERSON};
use shared::{PresenceStatus, RoomAddress, RoomEvent, Seq, ServerFrame, Timestamp, UserId, UserName};
use slab::Slab;

use super::changes::Changes;
use super::hold::Hold;
use super::link::Link;
use super::lobby::Lobby;
use super::message::{Committed, Identity, NotReleased, NotSubscribed, Subscribed};
use super::names::Names;
use super::outbox::Kind;
use super::room::Room;
use super::statistics::{Rates, Statistics};
use super::turn::Turn;
use super::user::User;
use super::wire;
use crate::room::{RoomId, RoomInfo};

/// A signed-in connection.
pub(super) struct Connection {
    pub(super) user: UserId,
    pub(super) link: Arc<Link>,
    pub(super) rooms: Vec<RoomId>,
    pub(super) away: bool,
    pub(super) pinged: bool,
    pub(super) lobby: Option<usize>,
}

/// Everything that is live on this node.
pub struct State {
    /// What this turn sends.
    pub turn: Turn,
    /// What the store has to learn.
    pub changes: Changes,
    /// The room list.
    pub lobby: Lobby,
    pub(super) connections: Slab<Connection>,
    pub(super) users: HashMap<UserId, User>,
    pub(super) rooms: HashMap<RoomId, Room>,
    pub(super) names: Names,
    /// People without a connection, until they are back or leave.
    pub(super) absent: HashSet<UserId>,
    /// Acks of this turn: they follow the events, so that an author who is acked has the message.
    acks: Vec<(Arc<Link>, Bytes)>,
    /// Rooms with messages of this turn.
    unsealed: Vec<RoomId>,
    /// Rooms with changes of members to be told, and rooms with people typing.
    pub(super) unsettled: HashSet<RoomId>,
    pub(super) typing: HashSet<RoomId>,
    messages: u64,
    pub(super) rates: Rates,
}

impl State {
    /// Nobody is there.
    pub fn new(now: u64, wall: Timestamp) -> Self {
        Self {
            turn: Turn::new(now, wall),
            changes: Changes::default(),
            lobby: Lobby::default(),
            connections: Slab::new(),
            users: HashMap::new(),
            rooms: HashMap::new(),
            names: Names::default(),
            absent: HashSet::new(),
            acks: Vec::new(),
            unsealed: Vec::new(),
            unsettled: HashSet::new(),
            typing: HashSet::new(),
            messages: 0,
            rates: Rates::default(),
        }
    }

    /// Takes up a room and its members as the store knows them after a start: they have a minute to come back.
    pub fn restore(&mut self, info: &Arc<RoomInfo>, members: &[(UserId, UserName, Option<Seq>)]) {
        let room = self.rooms.entry(info.id).or_insert_with(|| Room::new(info.clone()));
        for (id, wanted, read) in members {
            let user = self.users.entry(*id).or_insert_with(|| User {
                name: self.names.claim(*id, wanted),
                lingers: true,
                connections: Vec::new(),
                rooms: Vec::new(),
                lost_at: Some(self.turn.now),
            });
            user.rooms.push(info.id);
            self.absent.insert(*id);
            room.join(*id, &user.name, PresenceStatus::Offline, *read, &mut self.turn);
        }
        self.lobby.set(&info.address, room.members.len() as u64);
    }

    /// A connection signed in. Gives its place in the hub and the name the person got.
    pub fn attach(&mut self, identity: &Identity, link: Arc<Link>) -> (usize, UserName) {
        let connection = self.connections.insert(Connection {
            user: identity.user,
            link,
            rooms: Vec::new(),
            away: false,
            pinged: false,
            lobby: None,
        });
        let user = self.users.entry(identity.user).or_insert_with(|| User {
            name: self.names.claim(identity.user, &identity.wanted),
            lingers: identity.lingers,
            connections: Vec::new(),
            rooms: Vec::new(),
            lost_at: None,
        });
        user.connections.push(connection);
        user.lost_at = None;
        self.absent.remove(&identity.user);
        if user.lingers {
            self.changes.seen.insert(identity.user);
        }
        let name = user.name.clone();
        self.settle_status(identity.user);
        (connection, name)
    }

    /// Makes a connection a listener of a room and its person a member. Held back: live events wait until
    /// [`Self::release`].
    ///
    /// # Errors
    /// The connection is gone, or its person has no place left.
    pub fn subscribe(
        &mut self,
        connection: usize,
        info: &Arc<RoomInfo>,
        held: bool,
    ) -> Result<Subscribed, NotSubscribed> {
        let away = |connection: usize| self.connections.get(connection).is_some_and(|entry| entry.away);
        let user_id = self.connections.get(connection).ok_or(NotSubscribed::Gone)?.user;
        let user = self.users.get_mut(&user_id).ok_or(NotSubscribed::Gone)?;
        let status = user.status(away, self.turn.now);
        let entry = &mut self.connections[connection];
        let is_one_too_many = !user.rooms.contains(&info.id) && user.rooms.len() >= ROOMS_PER_PERSON;
        if is_one_too_many || !entry.rooms.contains(&info.id) && entry.rooms.len() >= ROOMS_PER_CONNECTION {
            if !self.rooms.contains_key(&info.id) {
                // It was made for this join.
                self.changes.rooms.insert(info.id, false);
            }
            return Err(NotSubscribed::TooManyRooms);
        }
        let room = self.rooms.entry(info.id).or_insert_with(|| Room::new(info.clone()));
        // A mark that is still to be written down is newer than what the store knows.
        let read = self.changes.mark(info.id, user_id);
        let mut elsewhere = Vec::new();
        if room.join(user_id, &user.name, status, read, &mut self.turn) {
            user.rooms.push(info.id);
            elsewhere = user.connections.iter().copied().filter(|&other| other != connection).collect();
            if user.lingers {
                self.changes.memberships.insert((info.id, user_id), true);
            }
            if room.members.len() == 1 {
                self.changes.rooms.insert(info.id, true);
            }
            self.lobby.set(&info.address, room.members.len() as u64);
            self.unsettled.insert(info.id);
        }
        let hold = if held { Hold::collecting() } else { Hold::Open };
        room.subscribe(connection, user_id, entry.link.clone(), hold);
        if !entry.rooms.contains(&info.id) {
            entry.rooms.push(info.id);
        }
        entry.link.enter(info);
        for other in elsewhere {
            let link = &self.connections[other].link;
            if link.protocol1() {
                let entered = ServerFrame::Entered { room: info.address.clone() };
                self.turn.append(link, wire::text(&entered), Kind::Live);
            }
        }
        let read = room.members.get(&user_id).and_then(|member| member.read);
        Ok(Subscribed { member_count: room.members.len() as u64, head: room.head, read })
    }

    /// Answers with `frame`, then lets live events of the room through. A `joined` gets its members here, so that
    /// no change of them falls between.
    ///
    /// # Errors
    /// The read of the log must reach further, or the person left.
    pub fn release(
        &mut self,
        connection: usize,
        room: RoomId,
        at: Seq,
        frame: &mut ServerFrame,
    ) -> Result<(), NotReleased> {
        let Some(room) = self.rooms.get_mut(&room) else { return Err(NotReleased::Left) };
        if let ServerFrame::Joined(joined) = frame {
            joined.member_count = room.members.len() as u64;
            if joined.snapshot {
                joined.members = room.members_page(None, shared::limits::MEMBERS_PAGE).0;
            }
        }
        room.release(connection, at, frame, &mut self.turn)
    }

    /// The rooms that a connection's person is in.
    pub fn memberships(&self, connection: usize) -> HashSet<RoomAddress> {
        let user = self.connections.get(connection).and_then(|entry| self.users.get(&entry.user));
        let rooms = user.into_iter().flat_map(|user| &user.rooms).filter_map(|id| self.rooms.get(id));
        rooms.map(|room| room.info.address.clone()).collect()
    }

    /// This connection listens no longer; the person stays a member.
    pub fn unsubscribe(&mut self, connection: usize, id: RoomId) {
        let Some(entry) = self.connections.get_mut(connection) else { return };
        entry.rooms.retain(|&other| other != id);
        entry.link.exit(id);
        if let Some(room) = self.rooms.get_mut(&id) {
            room.unsubscribe(connection);
        }
    }

    /// Hands out what was committed together, and tells the authors.
    pub fn deliver(&mut self, batch: Vec<Committed>) {
        for Committed { room, event, ack } in batch {
            if let Some(event) = event {
                self.publish(room.id, &event);
            }
            if let Some(ack) = ack.filter(|ack| ack.origin.link.protocol1()) {
                let frame = ServerFrame::Ack {
                    message_id: ack.message_id,
                    room: room.address.clone(),
                    seq: ack.seq,
                    timestamp: ack.timestamp,
                    client_message_id: ack.client_message_id,
                    id: ack.origin.id,
                };
                self.acks.push((ack.origin.link, wire::text(&frame)));
            }
        }
    }

    fn publish(&mut self, id: RoomId, event: &RoomEvent) {
        if let RoomEvent::Posted(_) = event {
            self.messages += 1;
        }
        let Some(room) = self.rooms.get_mut(&id) else { return };
        room.publish(event, &mut self.turn);
        self.unsealed.push(id);
        if let RoomEvent::Posted(posted) = event
            && room.read_own(posted.sender_id, posted.seq)
            && self.users.get(&posted.sender_id).is_some_and(|user| user.lingers)
        {
            self.changes.reads.insert((id, posted.sender_id), posted.seq);
        }
    }

    /// Writes everything this turn has gathered.
    pub fn finish_turn(&mut self) {
        for id in self.unsealed.drain(..) {
            if let Some(room) = self.rooms.get_mut(&id) {
                room.seal(&mut self.turn);
            }
        }
        for (link, ack) in self.acks.drain(..) {
            self.turn.append(&link, ack, Kind::Answer);
        }
        self.turn.flush();
    }

    /// Notes that a room has changes of members to be told, after `person`'s status may have changed.
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

    /// The moment's numbers.
    pub fn statistics(&self) -> Statistics {
        let (messages_per_second, deliveries_per_second) = self.rates.per_second();
        Statistics {
            connections: self.connections.len(),
            users: self.users.len() - self.absent.len(),
            rooms: self.rooms.len(),
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
