//! What is read, and what is not. The server has the mark and the count; this page follows both.

use leptos::prelude::*;
use shared::{Command, RequestId, RoomAddress, Seq, Timestamp, UnreadCount};

use super::room::Room;
use super::{Asked, Store, now};

/// In a busy room the mark moves with every message: the server is told no more often than this, in milliseconds.
const TELL_EVERY: i64 = 1_000;

/// A mark that the server has to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Everything up to here is read.
    Read(Seq),
    /// Nothing from here on is read.
    Unread(Seq),
}

impl Store {
    /// Somebody sees the newest message of a room.
    pub fn see(&self, name: &RoomAddress) {
        let readable = |room: ArcRwSignal<Room>| room.with_untracked(Room::is_readable);
        if self.room_untracked(name).is_some_and(readable) {
            let read = self.in_room(name, Room::read).flatten();
            self.mark(name, read.map(Mark::Read));
        }
    }

    /// Everything in the room counts as read, wherever its reader is.
    pub fn mark_read(&self, name: &RoomAddress) {
        let read = self.in_room(name, Room::dismiss).flatten();
        self.mark(name, read.map(Mark::Read));
    }

    /// This message and what comes after it counts as unread, until the person leaves the room or writes in it.
    pub fn mark_unread(&self, name: &RoomAddress, seq: Seq) {
        self.in_room(name, |room| room.hold_unread(seq));
        self.mark(name, Some(Mark::Unread(seq)));
    }

    /// Unread messages of all rooms.
    pub fn unread(&self) -> u32 {
        let count = |room: &ArcRwSignal<Room>| room.with(|room| room.unread().messages());
        self.rooms.with(|rooms| rooms.values().map(count).sum())
    }

    /// Tells the server what was read meanwhile.
    pub(super) fn send_marks(&self) {
        if !self.connection.get_untracked().is_online() {
            return;
        }
        let live = |name: &RoomAddress| {
            self.room_untracked(name).is_some_and(|room| room.with_untracked(Room::is_live))
        };
        let marks = self.marks.try_update_value(|marks| {
            let (ready, waiting) = std::mem::take(marks).into_iter().partition(|(name, _)| live(name));
            *marks = waiting;
            ready
        });
        let marks: super::Marks = marks.unwrap_or_default();
        if !marks.is_empty() {
            self.marks_told.set_value(now());
        }
        for (room, mark) in marks {
            self.ask(match mark {
                Mark::Read(seq) => Command::MarkRead { room, seq },
                Mark::Unread(seq) => Command::MarkUnread { room, seq },
            });
        }
    }

    /// The server's word.
    pub(super) fn read(&self, name: &RoomAddress, seq: Seq, unread: UnreadCount, id: Option<&RequestId>) {
        self.answered(id);
        let ask = self.in_room(name, |room| {
            let ask = room.unread.told(seq, unread);
            if id.is_none() {
                room.read_elsewhere();
            }
            ask
        });
        if ask == Some(true) {
            self.count_unread(name);
        }
    }

    /// Asks the server what is unread, unless an answer to that is on its way.
    pub(super) fn count_unread(&self, name: &RoomAddress) {
        let asked = Asked::Count(name.clone());
        if !self.asked.with_value(|all| all.values().any(|other| *other == asked)) {
            self.ask_for(Command::CountUnread { room: name.clone() }, Some(asked));
        }
    }

    /// Asks again after the server was too busy to count.
    pub(super) fn count_again(&self) {
        for name in self.uncounted.try_update_value(std::mem::take).unwrap_or_default() {
            self.count_unread(&name);
        }
    }

    fn mark(&self, name: &RoomAddress, mark: Option<Mark>) {
        let Some(mark) = mark else { return };
        self.marks.update_value(|marks| {
            marks.insert(name.clone(), mark);
        });
        let told: Timestamp = self.marks_told.get_value();
        if matches!(mark, Mark::Unread(_)) || now().millis() - told.millis() >= TELL_EVERY {
            self.send_marks();
        }
    }
}
