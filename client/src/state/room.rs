//! One room that this person is in.

use shared::reduce::Applied;
use shared::{
    ClientMessageId, Epoch, Joined, Position, Posted, ResumeRoom, RoomAddress, RoomEvent, RoomLog, Seq,
    Timestamp, UserId,
};

use super::members::Members;
use super::typing::Typists;

/// Whether there is more above the oldest message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Older {
    /// Not asked for.
    Unknown,
    /// Asked for.
    Loading,
    /// The server could not tell.
    Failed,
    /// There is nothing older.
    None,
}

/// Messages of others that were not read yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unread {
    /// How many are known of.
    pub count: usize,
    /// There may be more before those that are loaded.
    pub at_least: bool,
}

/// What this page knows of a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    log: RoomLog,
    read: Seq,
    /// The people in it.
    pub members: Members,
    /// Who is typing.
    pub typists: Typists,
    /// Whether there is more above.
    pub older: Older,
    loaded: bool,
    live: bool,
    /// When to ask again for what is missing.
    heal_at: Option<Timestamp>,
}

impl Room {
    /// A room of which nothing but the name is known, as after a reload.
    pub fn unknown() -> Self {
        // No room has this epoch, so the server answers with a snapshot.
        Self {
            log: RoomLog::empty(Epoch::from_random(0), Seq::ZERO),
            read: Seq::ZERO,
            members: Members::default(),
            typists: Typists::default(),
            older: Older::Unknown,
            loaded: false,
            live: false,
            heal_at: None,
        }
    }

    /// The answer to a join. Returns the position to ask from again if there is a hole.
    pub fn joined(&mut self, joined: Joined) -> Option<Position> {
        self.live = true;
        self.heal_at = None;
        self.typists.clear();
        if joined.snapshot {
            let at = Position { epoch: joined.epoch, seq: joined.seq };
            self.read = joined.read_seq;
            self.log = RoomLog::from_snapshot(at, &joined.events);
            self.members = Members::from_snapshot(joined.members, joined.member_count);
            self.loaded = true;
            self.older = Older::Unknown;
            self.close_at_start();
            return None;
        }
        self.read = self.read.max(joined.read_seq);
        self.members.counted(joined.member_count);
        if self.older != Older::None {
            self.older = Older::Unknown;
        }
        self.events(joined.epoch, &joined.events)
    }

    /// Further events after a join, or a live one. Returns the position to ask from if there is a hole.
    pub fn events(&mut self, epoch: Epoch, events: &[RoomEvent]) -> Option<Position> {
        if epoch != self.log.position().epoch {
            return None;
        }
        events.iter().find_map(|event| self.event(event))
    }

    /// A live event. Returns the position to ask from if there is a hole; until the answer is there, further
    /// events are left to it.
    pub fn event(&mut self, event: &RoomEvent) -> Option<Position> {
        if let RoomEvent::Posted(posted) = event {
            self.typists.remove(posted.sender_id);
        }
        match self.log.apply(event) {
            Applied::Advanced | Applied::Duplicate => None,
            Applied::Hole { .. } => {
                let first = std::mem::replace(&mut self.live, false);
                first.then(|| self.log.position())
            }
        }
    }

    /// A page of older events; `more` says whether there are still older ones.
    pub fn prepend(&mut self, epoch: Epoch, events: &[RoomEvent], more: bool) {
        let fits = epoch == self.log.position().epoch && self.log.prepend(events);
        self.older = if fits && more && !events.is_empty() { Older::Unknown } else { Older::None };
        self.close_at_start();
    }

    /// What to ask for when somebody scrolls up; none when it was asked for, or there is nothing.
    pub fn ask_older(&mut self) -> Option<Seq> {
        if !self.live || !self.loaded || !matches!(self.older, Older::Unknown | Older::Failed) {
            return None;
        }
        self.older = Older::Loading;
        Some(self.log.start().next())
    }

    /// The connection is gone.
    pub fn disconnected(&mut self) {
        self.live = false;
        self.heal_at = None;
        self.typists.clear();
        if self.older == Older::Loading {
            self.older = Older::Unknown;
        }
    }

    /// The answer to a join was a refusal: ask again at `at`.
    pub const fn heal_later(&mut self, at: Timestamp) {
        self.heal_at = Some(at);
    }

    /// Whether it is time to ask again.
    pub fn heals_at(&self, now: Timestamp) -> bool {
        self.heal_at.is_some_and(|at| at <= now)
    }

    /// Asks again: the position to ask from.
    pub const fn heal(&mut self) -> Position {
        self.heal_at = None;
        self.log.position()
    }

    /// Everything up to `seq` was read. A mark never moves back.
    pub fn mark_read(&mut self, seq: Seq) {
        self.read = self.read.max(seq);
    }

    /// How far this person has read.
    pub const fn read(&self) -> Seq {
        self.read
    }

    /// Messages that are not by `me` and were not read.
    pub fn unread(&self, me: Option<UserId>) -> Unread {
        let of_others = |posted: &&Posted| Some(posted.sender_id) != me;
        let new = self.log.messages().rev().take_while(|posted| posted.seq > self.read);
        Unread { count: new.filter(of_others).count(), at_least: self.loaded && self.log.start() > self.read }
    }

    /// How to come back to this room.
    pub fn resume(&self, room: RoomAddress) -> ResumeRoom {
        let Position { epoch, seq } = self.log.position();
        ResumeRoom { room, epoch, seq }
    }

    /// The events that are loaded.
    pub const fn log(&self) -> &RoomLog {
        &self.log
    }

    /// Whether the room's messages were ever loaded.
    pub const fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Whether live events of the room are coming in.
    pub const fn is_live(&self) -> bool {
        self.live
    }

    /// The author's own ids of messages by `me`.
    pub fn own_ids(&self, me: UserId) -> Vec<ClientMessageId> {
        let own = self.log.messages().filter(|posted| posted.sender_id == me);
        own.filter_map(|posted| posted.client_message_id).collect()
    }

    fn close_at_start(&mut self) {
        if self.log.start() == Seq::ZERO {
            self.older = Older::None;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use shared::{MessageId, MessageText, UserName};

    use super::*;

    pub fn user(number: u128) -> UserId {
        UserId::new(uuid::Uuid::from_u128(number))
    }

    pub fn posted(seq: u64, author: u128, millis: i64) -> Posted {
        Posted {
            room: RoomAddress::new("general").unwrap(),
            sender: UserName::new("Anna").unwrap(),
            sender_id: user(author),
            content: MessageText::new(&format!("message {seq}")).unwrap(),
            timestamp: Timestamp::from_millis(millis),
            seq: Seq(seq),
            message_id: MessageId::new(uuid::Uuid::from_u128(u128::from(seq))),
            client_message_id: Some(ClientMessageId::new(uuid::Uuid::from_u128(u128::from(seq) + 1_000))),
        }
    }

    pub fn event(seq: u64) -> RoomEvent {
        RoomEvent::Posted(posted(seq, 1, 0))
    }

    pub fn snapshot(seqs: std::ops::RangeInclusive<u64>, read: u64) -> Joined {
        Joined {
            room: RoomAddress::new("general").unwrap(),
            epoch: Epoch::from_random(5),
            seq: Seq(*seqs.end()),
            read_seq: Seq(read),
            snapshot: true,
            events: seqs.map(event).collect(),
            more: false,
            member_count: 1,
            members: Vec::new(),
            id: None,
        }
    }

    fn room() -> Room {
        let mut room = Room::unknown();
        room.joined(snapshot(11..=20, 15));
        room
    }

    #[test]
    fn unread_counts_what_others_wrote_after_the_mark() {
        let mut room = room();
        assert_eq!(room.unread(Some(user(2))), Unread { count: 5, at_least: false });
        assert_eq!(room.unread(Some(user(1))).count, 0);
        room.mark_read(Seq(20));
        room.mark_read(Seq(19));
        assert_eq!(room.read(), Seq(20), "a mark never moves back");
        assert_eq!(room.unread(Some(user(2))).count, 0);
        room.joined(snapshot(50..=60, 20));
        assert_eq!(room.unread(Some(user(2))), Unread { count: 11, at_least: true });
    }

    #[test]
    fn a_hole_is_asked_for_once_and_filled() {
        let mut room = room();
        let position = room.event(&event(23)).unwrap();
        assert_eq!(position.seq, Seq(20));
        assert_eq!(room.event(&event(24)), None);
        let events = (21..=24).map(event).collect();
        room.joined(Joined { snapshot: false, events, ..snapshot(21..=24, 15) });
        assert_eq!(room.log().head(), Seq(24));
        assert_eq!(room.log().len(), 14);
        assert!(room.is_live());
    }

    #[test]
    fn history_goes_up_page_by_page_to_the_beginning() {
        let mut room = room();
        assert_eq!(room.ask_older(), Some(Seq(11)));
        assert_eq!(room.ask_older(), None, "asked for already");
        room.disconnected();
        assert_eq!(room.ask_older(), None, "not connected");
        room.joined(Joined { snapshot: false, events: Vec::new(), ..snapshot(20..=20, 15) });
        assert_eq!(room.ask_older(), Some(Seq(11)));
        let page: Vec<RoomEvent> = (1..=10).map(event).collect();
        room.prepend(Epoch::from_random(5), &page, false);
        assert_eq!((room.log().len(), room.older), (20, Older::None));
    }

    #[test]
    fn events_of_another_log_change_nothing() {
        let mut room = room();
        assert_eq!(room.events(Epoch::from_random(6), &[event(30)]), None);
        assert_eq!(room.log().head(), Seq(20));
    }
}
