//! What is read, and what is not. The server has the mark and the count; this page follows both.

use leptos::prelude::*;
use shared::{Command, RequestId, RoomAddress, Seq, Timestamp, UnreadCount};

use super::room::Room;
use super::{Asked, Store, now};

/// In a busy room the mark moves with every message: the server is told no more often than this, in milliseconds.
const TELL_EVERY: i64 = 1_000;

/// A mark that the server has to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Everything up to here is read.
    Read(Seq),
    /// Nothing from here on is read.
    Unread(Seq),
}

/// What the server is to be told and asked about read marks.
#[derive(Debug, Default)]
pub struct Reads {
    marks: Vec<(RoomAddress, Mark)>,
    /// When it was last told.
    told: Option<Timestamp>,
    /// Rooms whose unread messages are to be counted again.
    uncounted: Vec<RoomAddress>,
}

impl Reads {
    /// The room is left.
    pub fn forget(&mut self, room: &RoomAddress) {
        self.marks.retain(|(marked, _)| marked != room);
        self.uncounted.retain(|uncounted| uncounted != room);
    }

    /// The server was too busy to count.
    pub fn count_later(&mut self, room: RoomAddress) {
        if !self.uncounted.contains(&room) {
            self.uncounted.push(room);
        }
    }

    /// The marks of the rooms that are `live`, to be told now.
    fn take(&mut self, now: Timestamp, live: impl Fn(&RoomAddress) -> bool) -> Vec<(RoomAddress, Mark)> {
        let ready: Vec<_> = self.marks.extract_if(.., |(room, _)| live(room)).collect();
        if !ready.is_empty() {
            self.told = Some(now);
        }
        ready
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.told.is_none_or(|told| now.millis() - told.millis() >= TELL_EVERY)
    }
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
        let marks = self.with_inner(|inner| inner.reads.take(now(), live));
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
        if !self.with_inner(|inner| inner.asked.values().any(|other| *other == asked)) {
            self.ask_for(Command::CountUnread { room: name.clone() }, Some(asked));
        }
    }

    /// Asks again after the server was too busy to count.
    pub(super) fn count_again(&self) {
        for name in self.with_inner(|inner| std::mem::take(&mut inner.reads.uncounted)) {
            self.count_unread(&name);
        }
    }

    fn mark(&self, name: &RoomAddress, mark: Option<Mark>) {
        let Some(mark) = mark else { return };
        let due = self.with_inner(|inner| {
            inner.reads.marks.retain(|(marked, _)| marked != name);
            inner.reads.marks.push((name.clone(), mark));
            inner.reads.is_due(now())
        });
        if due || matches!(mark, Mark::Unread(_)) {
            self.send_marks();
        }
    }
}
