//! Requests what is missing: events after a gap, older messages, unread counts.

use shared::limits::HISTORY_EVENTS;
use shared::{Command, RoomAddress, Seq};

use super::state::{Asked, State};
use crate::room::{Need, Turn};

impl State {
    /// Requests missing older messages and, once the storm is over, events after gaps that no live event will reveal.
    pub(super) fn look(&mut self) {
        if !self.was_welcomed() {
            return;
        }
        let calm = !self.world.is_storm();
        let lacking: Vec<_> =
            self.rooms.iter().filter_map(|(name, room)| Some((name.clone(), room.lacks_older()?))).collect();
        for (room, before) in lacking {
            if self.rooms[&room].live && !self.turns(&room) {
                let page = Command::History {
                    room: room.clone(),
                    before: Some(before),
                    after: None,
                    around: None,
                    limit: Some(HISTORY_EVENTS),
                };
                self.ask(page, Asked::Page(room, Turn::Older));
            }
        }
        if calm {
            self.knock_everywhere();
            // No later event will reveal the gap.
            let unknowing = self.rooms.iter().filter(|(_, room)| room.lacks_unknowingly());
            let unknowing: Vec<_> =
                unknowing.map(|(name, room)| (name.clone(), room.log.position())).collect();
            for (room, at) in unknowing {
                if let Some(known) = self.rooms.get_mut(&room) {
                    known.disconnected();
                }
                self.meet(room, Need { rejoin: Some(at), count: false });
            }
        }
    }

    /// Sends the requests that a room needs.
    pub(super) fn meet(&mut self, name: RoomAddress, need: Need) {
        // An answer that is on its way already heals the hole; a second one would tell the same events again.
        if need.rejoin.is_some() && !self.is_asked(&Asked::Join(name.clone())) {
            self.world.numbers.holes.add();
            let command = Command::JoinRoom { room: name.clone(), since: need.rejoin };
            self.ask(command, Asked::Join(name.clone()));
        }
        if need.count && !self.is_asked(&Asked::Count(name.clone())) {
            self.world.numbers.counts_asked.add();
            self.ask(Command::CountUnread { room: name.clone() }, Asked::Count(name));
        }
    }

    /// Counts read marks that moved back across a reconnect: the server was killed before it stored them.
    pub(super) fn note_mark(&self, name: &RoomAddress, read: Seq) {
        let back = self.rooms.get(name).is_some_and(|room| read < room.unread.read());
        if back && !self.moves_back() {
            self.world.numbers.marks_set_back.add();
        }
    }
}
