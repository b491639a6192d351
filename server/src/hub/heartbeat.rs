//! Periodic work: pings, and the announcement of collected changes.

use shared::{CloseCode, Timestamp};

use super::state::State;
use crate::delivery::{Priority, encode};

/// Idle time after which a peer is sent a ping, in milliseconds; up to 5 s later, spread over the connections so that
/// they do not all answer at once.
const PING_AFTER: u64 = 20_000;
const PING_SPREAD: u64 = 5_000;
/// Idle timeout in milliseconds: one ping interval (25 s) plus the time to answer (10 s).
const SILENT_AFTER: u64 = 35_000;

impl State {
    /// Sets both clocks before anything else in a turn is handled.
    pub fn set_clocks(&mut self, now: u64, wall: Timestamp) {
        self.turn.now = now;
        self.turn.wall = wall;
    }

    /// Runs four times a second: expires typing, settles absences, cuts off slow consumers.
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

    /// Runs once a second: announces changes of members and rooms, sends heartbeats, samples rates.
    pub fn tick_second(&mut self) {
        for id in std::mem::take(&mut self.unsettled) {
            if let Some(room) = self.rooms.get_mut(&id).filter(|room| !room.presence.is_empty()) {
                room.tell_changes(&mut self.turn);
            }
        }
        self.directory.tell_changes(&mut self.turn);
        self.beat();
        let now = self.statistics();
        self.rates.sample(now.messages, now.deliveries);
    }

    /// Pings idle peers and closes those that stay silent.
    fn beat(&mut self) {
        let now = self.turn.now;
        for (place, connection) in &mut self.connections {
            let silent = now.saturating_sub(connection.handle.last_heard());
            if silent >= SILENT_AFTER {
                connection.handle.outbox.close(CloseCode::NoPong, "no sign of life");
            } else if silent < PING_AFTER {
                connection.pinged = false;
            } else if !connection.pinged && silent >= PING_AFTER + (place as u64 * 37) % PING_SPREAD {
                connection.pinged = true;
                self.turn.append(&connection.handle, encode::ping(), Priority::Answer);
            }
        }
    }
}
