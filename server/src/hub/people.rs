//! What a signed-in connection says about its person, and what happens as time passes.

use std::collections::HashSet;

use shared::{CloseCode, Member, Timestamp, UserId};

use super::outbox::Kind;
use super::state::State;
use super::wire;
use crate::room::RoomId;

/// A peer that has said nothing for this long is sent a ping, in milliseconds; up to 5 s later, spread over the
/// connections so that they do not all answer at once.
const PING_AFTER: u64 = 20_000;
const PING_SPREAD: u64 = 5_000;
/// A peer that has said nothing for this long is dead: one ping interval (25 s) and the time to answer (10 s).
const SILENT_AFTER: u64 = 35_000;

impl State {
    /// Typing started or stopped, as this connection says.
    pub fn set_typing(&mut self, connection: usize, id: RoomId, is_typing: bool) {
        let Some(user) = self.connections.get(connection).map(|entry| entry.user) else { return };
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let Some(name) = room.members.get(&user).map(|member| member.name.clone()) else { return };
        if room.typing.set(user, &name, is_typing, self.turn.now) {
            room.say_typing(user, &name, is_typing, &mut self.turn);
        }
        self.typing.insert(id);
    }

    /// Whether somebody is at this connection.
    pub fn set_away(&mut self, connection: usize, away: bool) {
        let Some(entry) = self.connections.get_mut(connection) else { return };
        entry.away = away;
        let user = entry.user;
        self.settle_status(user);
    }

    /// At most `limit` members after `after`, and whether there are more.
    pub fn members(&self, id: RoomId, after: Option<UserId>, limit: usize) -> (Vec<Member>, bool) {
        self.rooms.get(&id).map_or((Vec::new(), false), |room| room.members_page(after, limit))
    }

    /// Single changes of these members are told to this connection, though the room is big.
    pub fn watch_members(&mut self, connection: usize, id: RoomId, users: HashSet<UserId>) {
        let Some(room) = self.rooms.get_mut(&id).filter(|room| room.has_subscriber(connection)) else {
            return;
        };
        if users.is_empty() {
            room.watched.remove(&connection);
        } else {
            room.watched.insert(connection, users);
        }
    }

    /// This connection is told of changes of the room list from now on.
    pub fn watch_lobby(&mut self, connection: usize) {
        let Some(entry) = self.connections.get_mut(connection) else { return };
        if entry.lobby.is_none() {
            entry.lobby = Some(self.lobby.watch(entry.link.clone()));
        }
    }

    /// Those of these rooms that are in use.
    pub fn live(&self, rooms: Vec<RoomId>) -> HashSet<RoomId> {
        rooms.into_iter().filter(|id| self.rooms.contains_key(id)).collect()
    }

    /// Notes every guest who is there as seen, so that a connection of many days does not outlive its session.
    pub fn roll_call(&mut self) {
        let present = self.users.iter().filter(|(_, user)| user.lingers && !user.connections.is_empty());
        self.changes.seen.extend(present.map(|(id, _)| *id));
    }

    /// Four times a second: typing that ends, absences that last, sockets that do not take.
    pub fn tick(&mut self) {
        self.turn.cut_slow();
        self.settle_absent();
        let turn = &mut self.turn;
        let rooms = &mut self.rooms;
        self.typing.retain(|id| {
            let Some(room) = rooms.get_mut(id) else { return false };
            for (user, name, is_typing) in room.typing.due(turn.now) {
                room.say_typing(user, &name, is_typing, turn);
            }
            !room.typing.is_empty()
        });
    }

    /// Once a second: changes of members and rooms, heartbeats, rates.
    pub fn tick_second(&mut self) {
        for id in std::mem::take(&mut self.unsettled) {
            if let Some(room) = self.rooms.get_mut(&id).filter(|room| !room.presence.is_empty()) {
                room.tell_changes(&mut self.turn);
            }
        }
        self.lobby.tell_changes(&mut self.turn);
        self.beat();
        let now = self.statistics();
        self.rates.sample(now.messages, now.deliveries);
    }

    /// Pings those who are silent and gives up those who stay so.
    fn beat(&mut self) {
        let now = self.turn.now;
        for (place, connection) in &mut self.connections {
            let silent = now.saturating_sub(connection.link.heard());
            if silent >= SILENT_AFTER {
                connection.link.outbox.close(CloseCode::NoPong, "no sign of life");
            } else if silent < PING_AFTER {
                connection.pinged = false;
            } else if !connection.pinged && silent >= PING_AFTER + (place as u64 * 37) % PING_SPREAD {
                connection.pinged = true;
                self.turn.append(&connection.link, wire::ping(), Kind::Answer);
            }
        }
    }

    /// Sets both clocks before anything of a turn is handled.
    pub fn set_clocks(&mut self, now: u64, wall: Timestamp) {
        self.turn.now = now;
        self.turn.wall = wall;
    }
}
