//! Read marks and unread counts. The server owns both; this page follows them.

use leptos::prelude::*;
use shared::{Command, Epoch, Failure, RoomAddress, Seq, Timestamp, UnreadCount, UserId};

use super::Store;
use super::now;
use super::requests::{Answer, NoAnswer};
use super::room::Room;

/// Minimum interval between marks sent, in milliseconds: in a busy room the mark moves with every message.
const TELL_EVERY: i64 = 1_000;

/// Where a mark is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    /// Everything up to here is read.
    Read(Seq),
    /// Everything from here on is unread.
    Unread(Seq),
}

/// A mark that the server does not have yet, as far as this page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    room: RoomAddress,
    /// The log that `to` refers to.
    epoch: Epoch,
    to: To,
    /// Tells it apart from later marks of the same room.
    number: u64,
    /// Its answer is awaited on this connection.
    is_sent: bool,
}

impl Mark {
    fn command(&self) -> Command {
        let room = self.room.clone();
        match self.to {
            To::Read(seq) => Command::MarkRead { room, seq },
            To::Unread(seq) => Command::MarkUnread { room, seq },
        }
    }
}

/// The read marks to send and the unread counts to request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Marks made so far.
    made: u64,
    /// At most one per room, the latest: kept until the server has answered it, also across connections.
    marks: Vec<Mark>,
    /// When marks were last sent.
    told: Option<Timestamp>,
    /// The server does not accept marks before this time.
    paused_until: Option<Timestamp>,
    /// Rooms whose unread messages have to be counted again.
    uncounted: Vec<RoomAddress>,
    /// Rooms whose count was requested.
    counting: Vec<RoomAddress>,
}

impl Reads {
    /// The room was left.
    pub fn forget(&mut self, room: &RoomAddress) {
        self.marks.retain(|mark| mark.room != *room);
        self.uncounted.retain(|uncounted| uncounted != room);
    }

    /// The user is another guest now, with marks of their own.
    pub fn disowned(&mut self) {
        *self = Self::default();
    }

    /// The room now has the log of `epoch`: a seq of another log is meaningless.
    pub fn new_log(&mut self, room: &RoomAddress, epoch: Epoch) {
        self.marks.retain(|mark| mark.room != *room || mark.epoch == epoch);
    }

    /// The connection is gone, and with it the pause that the server asked for.
    pub fn disconnected(&mut self) {
        self.paused_until = None;
    }

    /// Handles the answer to a mark. Returns the refusal of a mark that will not be sent again.
    fn answered(&mut self, number: u64, answer: Result<(), NoAnswer>, now: Timestamp) -> Option<Failure> {
        let at = self.marks.iter().position(|mark| mark.number == number)?;
        match answer {
            Err(NoAnswer::Offline) => self.marks[at].is_sent = false,
            Err(NoAnswer::Refused(failure)) if failure.code.retryable() => {
                self.marks[at].is_sent = false;
                let pause = failure.retry_after_ms.map_or(TELL_EVERY, |millis| millis as i64);
                self.paused_until = Some(Timestamp::from_millis(now.millis() + pause));
            }
            Err(NoAnswer::Refused(failure)) => {
                self.marks.remove(at);
                return Some(failure);
            }
            Ok(()) => drop(self.marks.remove(at)),
        }
        None
    }

    /// The mark of a room that the server does not have yet.
    pub(super) fn of(&self, room: &RoomAddress) -> Option<To> {
        self.marks.iter().find(|mark| mark.room == *room).map(|mark| mark.to)
    }

    /// Schedules another count after the server was too busy.
    pub fn count_later(&mut self, room: RoomAddress) {
        if !self.uncounted.contains(&room) {
            self.uncounted.push(room);
        }
    }

    /// Schedules another count of all rooms.
    pub fn count_all_later(&mut self, rooms: Vec<RoomAddress>) {
        self.uncounted = rooms;
    }

    fn set(&mut self, room: &RoomAddress, epoch: Epoch, to: To) {
        self.marks.retain(|mark| mark.room != *room);
        self.made += 1;
        self.marks.push(Mark { room: room.clone(), epoch, to, number: self.made, is_sent: false });
    }

    /// Returns the marks of `live` rooms to send now.
    fn untold(&mut self, now: Timestamp, live: impl Fn(&RoomAddress) -> bool) -> Vec<Mark> {
        if self.paused_until.is_some_and(|until| now < until) {
            return Vec::new();
        }
        let ready = |mark: &&Mark| !mark.is_sent && live(&mark.room);
        let ready: Vec<Mark> = self.marks.iter().filter(ready).cloned().collect();
        if !ready.is_empty() {
            self.told = Some(now);
        }
        ready
    }

    fn sent(&mut self, number: u64) {
        self.marks.iter_mut().filter(|mark| mark.number == number).for_each(|mark| mark.is_sent = true);
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.told.is_none_or(|told| now.millis() - told.millis() >= TELL_EVERY)
    }
}

impl Store {
    /// Called when the user sees the newest message of a room.
    pub fn see(&self, name: &RoomAddress) {
        let readable = |room: ArcRwSignal<Room>| room.with_untracked(Room::is_readable);
        if self.room_untracked(name).is_some_and(readable) {
            let read = self.in_room(name, Room::read).flatten();
            self.mark(name, read.map(To::Read));
        }
    }

    /// Marks everything in the room as read, wherever its reader is.
    pub fn mark_read(&self, name: &RoomAddress) {
        let read = self.in_room(name, Room::dismiss).flatten();
        self.mark(name, read.map(To::Read));
    }

    /// Marks this message and everything after it as unread, and holds that until the user switches rooms or posts.
    pub fn mark_unread(&self, name: &RoomAddress, seq: Seq) {
        self.in_room(name, |room| room.hold_unread(seq));
        self.mark(name, Some(To::Unread(seq)));
    }

    /// Sends the marks that the server does not have yet.
    pub(super) fn send_marks(&self, now: Timestamp) {
        if !self.connection.get_untracked().is_online() {
            return;
        }
        let live = |name: &RoomAddress| {
            self.room_untracked(name).is_some_and(|room| room.with_untracked(Room::is_live))
        };
        for mark in self.with_inner(|inner| inner.reads.untold(now, live)) {
            self.with_inner(|inner| inner.reads.sent(mark.number));
            let store = *self;
            self.request(mark.command(), move |answer| store.mark_answered(mark.number, answer));
        }
    }

    /// A join reports the server's mark: a newer local mark takes precedence until the server has it.
    pub(super) fn keep_mark(&self, name: &RoomAddress, me: UserId) {
        let Some(mark) = self.with_inner(|inner| inner.reads.of(name)) else { return };
        self.in_room(name, |room| match mark {
            To::Read(seq) => room.read_up_to(seq, me),
            To::Unread(seq) => room.hold_unread(seq),
        });
        self.send_marks(now());
    }

    fn mark_answered(&self, number: u64, answer: Answer<'_>) {
        let refused = self.with_inner(|inner| inner.reads.answered(number, answer.map(drop), now()));
        if let Some(failure) = refused {
            self.refused_for_nobody(failure);
        }
    }

    /// Applies the server's read mark and count, which another device may have caused.
    pub(super) fn read(&self, name: &RoomAddress, seq: Seq, unread: UnreadCount, elsewhere: bool) {
        // A newer mark of this device is on its way.
        if self.with_inner(|inner| inner.reads.of(name).is_some()) {
            return;
        }
        let ask = self.in_room(name, |room| {
            let ask = room.unread.told(seq, unread);
            if elsewhere {
                room.read_elsewhere();
            }
            ask
        });
        if ask == Some(true) {
            self.count_unread(name);
        }
    }

    /// Requests the unread count, unless a request is pending.
    pub(super) fn count_unread(&self, name: &RoomAddress) {
        let counting = self.with_inner(|inner| {
            let counting = &mut inner.reads.counting;
            let is_new = !counting.contains(name);
            is_new.then(|| counting.push(name.clone()))
        });
        if counting.is_none() {
            return;
        }
        let (store, room) = (*self, name.clone());
        self.request(Command::CountUnread { room: name.clone() }, move |answer| {
            store.with_inner(|inner| {
                inner.reads.counting.retain(|counting| *counting != room);
                if let Err(NoAnswer::Refused(_)) = answer {
                    inner.reads.count_later(room);
                }
            });
        });
    }

    /// Retries after the server was too busy to count.
    pub(super) fn count_again(&self) {
        for name in self.with_inner(|inner| std::mem::take(&mut inner.reads.uncounted)) {
            self.count_unread(&name);
        }
    }

    fn mark(&self, name: &RoomAddress, to: Option<To>) {
        let Some((to, room)) = to.zip(self.room_untracked(name)) else { return };
        let epoch = room.with_untracked(Room::epoch);
        let due = self.with_inner(|inner| {
            inner.reads.set(name, epoch, to);
            inner.reads.is_due(now())
        });
        if due || matches!(to, To::Unread(_)) {
            self.send_marks(now());
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_channel::mpsc::UnboundedReceiver;
    use shared::{ErrorCode, Joined, RequestId, ServerFrame};

    use super::super::Order;
    use super::super::receive::tests::{general, general_is, on_a_page, requests, welcome};
    use super::super::room::tests::{event, resumed_at, snapshot};
    use super::*;

    type Orders = UnboundedReceiver<Order>;

    /// The marks sent since the last call, with the ids of their requests.
    fn told(orders: &mut Orders) -> Vec<(Option<RequestId>, Command)> {
        let mark =
            |command: &Command| matches!(command, Command::MarkRead { .. } | Command::MarkUnread { .. });
        requests(orders).into_iter().filter(|(_, command)| mark(command)).collect()
    }

    fn commands(orders: &mut Orders) -> Vec<Command> {
        told(orders).into_iter().map(|(_, command)| command).collect()
    }

    fn read(seq: u64) -> Command {
        Command::MarkRead { room: general(), seq: Seq(seq) }
    }

    fn unread(seq: u64) -> Command {
        Command::MarkUnread { room: general(), seq: Seq(seq) }
    }

    fn word(seq: u64, messages: u32, counted: u64, id: Option<RequestId>) -> ServerFrame {
        let unread = UnreadCount { messages, mentions: 0, counted_seq: Seq(counted) };
        ServerFrame::Read { room: general(), seq: Seq(seq), unread, id }
    }

    /// Reconnects; the server answers with `joined` for the room.
    fn come_back(store: Store, resumed: bool, joined: Joined) {
        store.waiting(Timestamp::from_millis(0), false);
        store.connecting();
        store.receive(welcome("Me", resumed));
        store.receive(ServerFrame::Joined(joined));
    }

    /// A join of a user who has read up to 3.
    fn behind(joined: Joined) -> Joined {
        let unread = UnreadCount { messages: 1, mentions: 0, counted_seq: joined.seq };
        Joined { read_seq: Seq(3), unread, ..joined }
    }

    fn refuse(store: Store, id: Option<RequestId>, code: ErrorCode) {
        let failure = Failure { id, retry_after_ms: Some(5_000), ..Failure::new(code, "") };
        store.receive(ServerFrame::Error { failure, timestamp: Timestamp::from_millis(0) });
    }

    #[test]
    fn a_mark_is_told_again_in_each_connection_until_it_is_answered() {
        on_a_page(|store, orders| {
            store.receive(ServerFrame::Event(event(4)));
            store.see(&general());
            assert_eq!(commands(orders), [read(4)]);
            come_back(store, true, behind(resumed_at(4)));
            let again = told(orders);
            assert_eq!(again.len(), 1);
            assert_eq!(again[0].1, read(4), "the answer did not come");
            assert_eq!(store.all_news(), 0, "what was read stays read meanwhile");
            store.receive(word(4, 0, 4, again[0].0.clone()));
            come_back(store, true, resumed_at(4));
            assert_eq!(commands(orders), [], "it was answered");
        });
    }

    #[test]
    fn what_came_in_after_a_mark_that_the_server_lacks_is_new() {
        on_a_page(|store, orders| {
            store.receive(ServerFrame::Event(event(4)));
            store.see(&general());
            let mut joined = behind(resumed_at(6));
            joined.events = vec![event(5), event(6)];
            joined.unread.messages = 3;
            come_back(store, true, joined);
            assert_eq!(store.all_news(), 2);
            assert_eq!(commands(orders).last(), Some(&read(4)));
        });
    }

    #[test]
    fn what_was_marked_unread_by_hand_stays_so_over_a_dying_line_and_a_fresh_snapshot() {
        on_a_page(|store, orders| {
            store.mark_unread(&general(), Seq(2));
            assert_eq!(commands(orders), [unread(2)]);
            come_back(store, true, behind(snapshot(1..=4, 4)));
            store.see(&general());
            assert_eq!(commands(orders), [unread(2)], "looking at it does not make it read");
            assert!(general_is(store, |room| room.divider() == Some(Seq(1))));
        });
    }

    #[test]
    fn only_the_latest_mark_of_a_room_counts_and_answers_to_earlier_ones_change_nothing() {
        on_a_page(|store, orders| {
            store.receive(ServerFrame::Event(event(4)));
            store.see(&general());
            let first = told(orders).remove(0);
            store.receive(ServerFrame::Event(event(5)));
            store.see(&general());
            store.receive(word(4, 1, 5, first.0));
            assert_eq!(store.all_news(), 0);
            come_back(store, true, behind(resumed_at(5)));
            assert_eq!(commands(orders), [read(5)]);
        });
    }

    #[test]
    fn a_mark_that_came_too_fast_is_told_again_later_and_an_impossible_one_is_not() {
        on_a_page(|store, orders| {
            store.mark_unread(&general(), Seq(2));
            let (id, _) = told(orders).remove(0);
            refuse(store, id, ErrorCode::RateLimited);
            store.tick(now());
            assert_eq!(commands(orders), []);
            store.tick(Timestamp::from_millis(now().millis() + 6_000));
            let (id, again) = told(orders).remove(0);
            assert_eq!(again, unread(2));
            refuse(store, id, ErrorCode::NoSuchMessage);
            store.tick(Timestamp::from_millis(now().millis() + 60_000));
            assert_eq!(commands(orders), []);
        });
    }

    #[test]
    fn a_mark_of_another_log_or_of_another_person_is_not_told() {
        on_a_page(|store, orders| {
            store.mark_unread(&general(), Seq(2));
            told(orders);
            come_back(store, true, Joined { epoch: Epoch::from_random(6), ..snapshot(1..=3, 3) });
            assert_eq!(commands(orders), []);
            store.mark_unread(&general(), Seq(2));
            told(orders);
            come_back(store, false, Joined { epoch: Epoch::from_random(6), ..snapshot(1..=3, 3) });
            store.tick(now());
            assert_eq!(commands(orders), []);
        });
    }
}
