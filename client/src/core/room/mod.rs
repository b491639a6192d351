//! One joined room.

pub mod doors;
pub mod viewport;

use shared::limits::MESSAGES_ASKED;
use shared::reduce::Applied;
use shared::{
    Epoch, Joined, Position, Posted, ResumeRoom, RoomAddress, RoomEvent, RoomLog, Seq, Timestamp, Unread,
    UserId,
};

use crate::core::members::Members;
use crate::core::now;
use crate::core::sorted_map::SortedMap;
use crate::core::typing::Typists;
use doors::Doors;
use viewport::Viewport;

/// What this page knows of a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    pub(super) log: RoomLog,
    pub(super) unread: Unread,
    /// The reader's place in it.
    pub(super) viewport: Viewport,
    pub members: Members,
    /// What the room tells of itself, and what the user may do in it.
    pub doors: Doors,
    /// The members who are typing.
    pub typists: Typists,
    /// Messages outside the window that were requested and did not arrive; true if they do not exist.
    asked: SortedMap<Seq, bool>,
    loaded: bool,
    live: bool,
    /// When to request missing events again.
    heal_at: Option<Timestamp>,
}

/// What has to be requested after events came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missing {
    /// Events after this position are missing.
    pub hole: Option<Position>,
    /// Only the server can count the unread messages.
    pub count: bool,
}

impl Room {
    /// A room of which only the name is known, as after a reload.
    pub fn unknown() -> Self {
        // No room has this epoch, so the server answers with a snapshot.
        Self {
            log: RoomLog::empty(Epoch::from_random(0), Seq::ZERO),
            unread: Unread::default(),
            viewport: Viewport::default(),
            members: Members::default(),
            doors: Doors::default(),
            typists: Typists::default(),
            asked: SortedMap::default(),
            loaded: false,
            live: false,
            heal_at: None,
        }
    }

    /// Handles the answer to a join.
    pub fn joined(&mut self, joined: Joined, me: UserId) -> Missing {
        let doors = Doors::of(&joined, now());
        self.live = true;
        self.heal_at = None;
        self.typists.clear();
        if !joined.snapshot {
            let count = self.unread.told(joined.read_seq, joined.unread);
            self.members.counted(joined.member_count);
            let missing = self.events(joined.epoch, &joined.events, me);
            self.doors.joined(doors);
            return Missing { count: count || missing.count, ..missing };
        }
        let at = Position { epoch: joined.epoch, seq: joined.seq };
        let another = self.loaded && joined.epoch != self.epoch();
        self.log = RoomLog::from_snapshot(at, joined.start, &joined.events);
        self.unread.reset(joined.read_seq, joined.unread);
        for event in &joined.events {
            // Events that are already counted are skipped.
            let _ = self.unread.follow(event, me);
        }
        self.members.snapshot(joined.members, joined.member_count);
        self.doors.joined(doors);
        self.asked.clear();
        self.viewport.replaced(another);
        self.loaded = true;
        // A snapshot does not tell which changes came after the count.
        Missing { hole: None, count: joined.unread.counted_seq < joined.seq }
    }

    /// Applies further events after a join.
    pub fn events(&mut self, epoch: Epoch, events: &[RoomEvent], me: UserId) -> Missing {
        let mut missing = Missing::default();
        if epoch == self.epoch() {
            for event in events {
                let one = self.event(event, me);
                missing.count |= one.count;
                if one.hole.is_some() {
                    return Missing { hole: one.hole, ..missing };
                }
            }
        }
        missing
    }

    /// Applies a live event. After a hole, further events are left to the answer that fills it.
    pub fn event(&mut self, event: &RoomEvent, me: UserId) -> Missing {
        if let RoomEvent::Posted(posted) = event {
            self.typists.remove(posted.sender_id);
        }
        match self.log.apply(event) {
            Applied::Advanced => {
                if let RoomEvent::Changed(changed) = event {
                    self.doors.follow(&changed.change);
                    self.members.follow(&changed.change);
                }
                self.trim();
                Missing { hole: None, count: self.unread.follow(event, me) }
            }
            Applied::Duplicate => Missing::default(),
            Applied::Hole { .. } => {
                let first = std::mem::replace(&mut self.live, false);
                Missing { hole: first.then(|| self.log.position()), count: false }
            }
        }
    }

    /// The messages among `events` that others posted after `before`, up to which the room was followed, if it was.
    pub fn news<'a>(&self, before: Option<Position>, events: &'a [RoomEvent], me: UserId) -> Vec<&'a Posted> {
        let now = self.log.position();
        let before = before.filter(|before| before.epoch == now.epoch).map_or(now.seq, |before| before.seq);
        let posted = events.iter().filter_map(|event| match event {
            RoomEvent::Posted(posted) => Some(posted),
            RoomEvent::Changed(_) | RoomEvent::Unknown { .. } => None,
        });
        let is_new = |posted: &&Posted| {
            posted.seq > before && posted.seq <= now.seq && posted.sender_id != me && !posted.deleted
        };
        posted.filter(is_new).collect()
    }

    /// The position up to which the room is followed, if its messages were ever loaded.
    pub fn followed_to(&self) -> Option<Position> {
        self.loaded.then(|| self.log.position())
    }

    /// Returns those of `seqs` that are neither known nor requested yet, at most as many as one request may name, and
    /// counts them as requested.
    pub fn lacks(&mut self, seqs: impl IntoIterator<Item = Seq>) -> Vec<Seq> {
        if !self.live || !self.loaded {
            return Vec::new();
        }
        let mut lacking = Vec::new();
        for seq in seqs {
            let unknown = !self.asked.contains_key(&seq) && self.log.message(seq).is_none();
            if unknown && lacking.len() < MESSAGES_ASKED {
                self.asked.insert(seq, false);
                lacking.push(seq);
            }
        }
        lacking
    }

    /// Handles the answer to a request for `asked`; with `more` it was cut short.
    pub fn fetched(&mut self, asked: &[Seq], epoch: Epoch, messages: &[RoomEvent], more: bool) {
        if epoch != self.epoch() {
            return;
        }
        for event in messages {
            if let RoomEvent::Posted(posted) = event {
                self.log.put_aside(posted);
            }
        }
        let told = if more { messages.last().map_or(Seq::ZERO, RoomEvent::seq) } else { Seq(u64::MAX) };
        for &seq in asked {
            if seq <= told && self.log.message(seq).is_none() {
                self.asked.insert(seq, true);
            } else {
                self.asked.remove(&seq);
            }
        }
    }

    /// The request for these failed; they may be requested again.
    pub fn fetch_failed(&mut self, asked: &[Seq]) {
        for seq in asked {
            self.asked.remove(seq);
        }
    }

    /// Whether the message is known not to exist.
    pub fn is_missing(&self, seq: Seq) -> bool {
        self.asked.get(&seq) == Some(&true)
    }

    /// The messages that those in the window reply to.
    pub fn answered(&self) -> Vec<Seq> {
        self.log.messages().filter_map(|posted| posted.reply_to).collect()
    }

    /// The connection is gone.
    pub fn disconnected(&mut self) {
        self.live = false;
        self.heal_at = None;
        self.typists.clear();
        self.viewport.disconnected();
        self.asked.retain(|missing| *missing);
    }

    /// A join was refused: retry at `at`.
    pub const fn heal_later(&mut self, at: Timestamp) {
        self.heal_at = Some(at);
    }

    /// Whether a retry is due.
    pub fn heals_at(&self, now: Timestamp) -> bool {
        self.heal_at.is_some_and(|at| at <= now)
    }

    /// Starts a retry. Returns the position to request from.
    pub const fn heal(&mut self) -> Position {
        self.heal_at = None;
        self.log.position()
    }

    /// The unread messages, and how far the user has read.
    pub const fn unread(&self) -> &Unread {
        &self.unread
    }

    /// The entry of this room in a resume.
    pub fn resume(&self, room: RoomAddress) -> ResumeRoom {
        ResumeRoom { room, since: Some(self.log.position()) }
    }

    /// The loaded messages.
    pub const fn log(&self) -> &RoomLog {
        &self.log
    }

    /// The log that the seqs of this room refer to.
    pub const fn epoch(&self) -> Epoch {
        self.log.position().epoch
    }

    /// Whether the room's messages were ever loaded.
    pub const fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Whether live events of the room are coming in.
    pub const fn is_live(&self) -> bool {
        self.live
    }

    /// A known message, in the window or outside.
    pub fn message(&self, seq: Seq) -> Option<&Posted> {
        self.log.message(seq)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use shared::{
        Change, Changed, ClientMessageId, Mentions, MessageId, MessageText, Person, RoomDetails, RoomKind,
        RoomRole, UnreadCount, UserName,
    };

    use super::*;

    pub fn user(number: u128) -> UserId {
        UserId::new(uuid::Uuid::from_u128(number))
    }

    pub fn posted(seq: u64, author: u128, millis: i64) -> Posted {
        Posted {
            room: RoomAddress::new("general").unwrap(),
            sender: UserName::new("Anna").unwrap(),
            sender_id: user(author),
            content: Some(MessageText::new(&format!("message {seq}")).unwrap()),
            timestamp: Timestamp::from_millis(millis),
            seq: Seq(seq),
            message_id: MessageId::new(uuid::Uuid::from_u128(u128::from(seq))),
            client_message_id: Some(ClientMessageId::new(uuid::Uuid::from_u128(u128::from(seq) + 1_000))),
            reply_to: None,
            mentions: Mentions::default(),
            changed_seq: None,
            edited_at: None,
            deleted: false,
            pinned: false,
            reactions: Vec::new(),
        }
    }

    pub fn event(seq: u64) -> RoomEvent {
        RoomEvent::Posted(posted(seq, 1, 0))
    }

    pub fn changed(seq: u64, target: u64, change: Change) -> Changed {
        Changed {
            room: RoomAddress::new("general").unwrap(),
            seq: Seq(seq),
            target: Seq(target),
            by: Some(Person { user_id: user(1), user: UserName::new("Anna").unwrap() }),
            timestamp: Timestamp::from_millis(0),
            client_message_id: None,
            change,
        }
    }

    /// A snapshot with a message by another user at each seq; messages up to `read` are read, all after it counted.
    pub fn snapshot(seqs: std::ops::RangeInclusive<u64>, read: u64) -> Joined {
        let unread = UnreadCount {
            messages: seqs.end().saturating_sub(read) as u32,
            mentions: 0,
            counted_seq: Seq(*seqs.end()),
        };
        Joined {
            room: RoomAddress::new("general").unwrap(),
            kind: RoomKind::Public,
            details: RoomDetails::default(),
            role: RoomRole::Member,
            people: Vec::new(),
            may: Vec::new(),
            muted: None,
            reports: None,
            epoch: Epoch::from_random(5),
            seq: Seq(*seqs.end()),
            start: Seq(seqs.start() - 1),
            read_seq: Seq(read),
            unread,
            snapshot: true,
            events: seqs.map(event).collect(),
            more: false,
            member_count: 1,
            members: Vec::new(),
            id: None,
        }
    }

    /// A resume that returns these seqs.
    pub fn resumed(seqs: std::ops::RangeInclusive<u64>, read: u64) -> Joined {
        Joined { snapshot: false, start: Seq::ZERO, ..snapshot(seqs, read) }
    }

    /// A resume without any new event.
    pub fn resumed_at(seq: u64) -> Joined {
        Joined { events: Vec::new(), ..resumed(seq..=seq, seq) }
    }

    const ME: u128 = 9;

    fn room() -> Room {
        let mut room = Room::unknown();
        room.joined(snapshot(11..=20, 15), user(ME));
        room
    }

    #[test]
    fn unread_is_the_servers_count_and_what_came_after_it() {
        let mut room = room();
        assert_eq!((room.unread().messages(), room.unread().read()), (5, Seq(15)));
        room.event(&event(21), user(ME));
        assert_eq!(room.unread().messages(), 6);
        room.event(&RoomEvent::Posted(posted(22, ME, 0)), user(ME));
        assert_eq!((room.unread().messages(), room.unread().read()), (0, Seq(22)), "who writes has read");
    }

    #[test]
    fn only_the_server_knows_what_the_deletion_of_a_counted_message_does() {
        let mut room = room();
        assert_eq!(
            room.event(&RoomEvent::Changed(changed(21, 3, Change::Pinned)), user(ME)),
            Missing::default()
        );
        assert!(room.event(&RoomEvent::Changed(changed(22, 17, Change::Deleted)), user(ME)).count);
    }

    #[test]
    fn a_hole_is_asked_for_once_and_filled() {
        let mut room = room();
        let position = room.event(&event(23), user(ME)).hole.unwrap();
        assert_eq!(position.seq, Seq(20));
        assert_eq!(room.event(&event(24), user(ME)), Missing::default());
        room.joined(resumed(21..=24, 15), user(ME));
        assert_eq!(room.log().head(), Seq(24));
        assert_eq!(room.log().len(), 14);
        assert!(room.is_live());
    }

    #[test]
    fn events_of_another_log_change_nothing() {
        let mut room = room();
        assert_eq!(room.events(Epoch::from_random(6), &[event(30)], user(ME)), Missing::default());
        assert_eq!(room.log().head(), Seq(20));
    }

    #[test]
    fn another_log_replaces_everything() {
        let mut room = room();
        assert_eq!(room.lacks([Seq(3), Seq(4), Seq(12)]), [Seq(3), Seq(4)]);
        room.fetched(&[Seq(3), Seq(4)], Epoch::from_random(5), &[event(3)], false);
        assert!(room.message(Seq(3)).is_some() && room.is_missing(Seq(4)));
        room.visit();
        assert_eq!(room.divider(), Some(Seq(15)));
        room.joined(Joined { epoch: Epoch::from_random(6), ..snapshot(1..=2, 2) }, user(ME));
        assert_eq!((room.message(Seq(3)), room.is_missing(Seq(4))), (None, false));
        assert_eq!((room.divider(), room.unread().messages(), room.log().len()), (None, 0, 2));
    }
}
