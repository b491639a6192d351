//! The user's messages and changes until the server has confirmed that they are stored.

use serde::{Deserialize, Serialize};
use shared::{ClientMessageId, Command, Emoji, Epoch, ErrorCode, Failure, RoomAddress, Seq, Timestamp};

use super::pending::{Delivery, MessageChange, Pending, Reason, What};

/// Delay after a refusal without `retry_after_ms`, in milliseconds.
const PAUSE: i64 = 1_000;

/// Pending messages and changes, in the order of writing. Each room has at most one in flight, so that a refusal cannot
/// change their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    list: Vec<Pending>,
    /// Nothing is sent before this time.
    #[serde(skip)]
    paused_until: Option<Timestamp>,
    /// Rooms in slow mode: no message goes there before this time.
    #[serde(skip)]
    waits: Vec<(RoomAddress, Timestamp)>,
}

impl Outbox {
    /// Adds a message or change.
    pub fn write(&mut self, id: ClientMessageId, room: RoomAddress, what: What, written: Timestamp) {
        self.list.push(Pending { id, room, what, written, delivery: Delivery::Waiting, tried: false });
    }

    /// Returns what to send now to rooms that are `ready`, and marks it as sent.
    pub fn take(&mut self, now: Timestamp, ready: impl Fn(&RoomAddress) -> bool) -> Vec<Command> {
        if self.paused_until.is_some_and(|until| now < until) {
            return Vec::new();
        }
        self.paused_until = None;
        self.waits.retain(|(_, until)| now < *until);
        let mut busy: Vec<RoomAddress> = self.in_state(Delivery::Sent).map(|p| p.room.clone()).collect();
        let mut commands = Vec::new();
        for pending in &mut self.list {
            let waits =
                pending.target().is_none() && self.waits.iter().any(|(room, _)| *room == pending.room);
            let free = pending.delivery == Delivery::Waiting && !busy.contains(&pending.room);
            if free && !waits && ready(&pending.room) {
                pending.delivery = Delivery::Sent;
                pending.tried = true;
                busy.push(pending.room.clone());
                commands.push(pending.command());
            }
        }
        commands
    }

    /// Handles an ack: the server has stored it.
    pub fn stored(&mut self, id: ClientMessageId, seq: Seq) {
        if let Some(pending) = self.find(id) {
            pending.delivery = Delivery::Stored(seq);
        }
    }

    /// Handles a refusal. After a rate limit, and in slow mode, it is retried automatically. Returns true if it was discarded and nothing
    /// on the page shows that.
    #[must_use]
    pub fn refused(&mut self, id: ClientMessageId, failure: &Failure, now: Timestamp) -> bool {
        let Some(pending) = self.find(id) else { return false };
        if let ErrorCode::RateLimited | ErrorCode::SlowMode = failure.code {
            pending.delivery = Delivery::Waiting;
            let until = retries_at(failure, now);
            if failure.code == ErrorCode::SlowMode {
                let room = pending.room.clone();
                self.waits.push((room, until));
            } else {
                self.paused_until = Some(until);
            }
            return false;
        }
        if pending.has_words() {
            pending.delivery = Delivery::Failed(Reason::Refused(failure.code));
            return false;
        }
        self.discard(id);
        true
    }

    /// How a room is used has changed: its messages may go sooner. Returns true if that changed anything.
    #[must_use]
    pub fn waits_no_longer(&mut self, room: &RoomAddress) -> bool {
        let before = self.waits.len();
        self.waits.retain(|(of, _)| of != room);
        self.waits.len() < before
    }

    /// The room now has the log of `epoch`. Returns true if that changed anything.
    #[must_use]
    pub fn new_log(&mut self, room: &RoomAddress, epoch: Epoch) -> bool {
        if !self.list.iter().any(|pending| pending.room == *room && pending.is_of_another_log(epoch)) {
            return false;
        }
        for pending in self.list.iter_mut().filter(|pending| pending.room == *room) {
            pending.new_log(epoch);
        }
        // A change to a message that no longer exists has no row that could show the failure.
        self.list.retain(|pending| {
            pending.room != *room
                || !matches!((&pending.what, pending.delivery), (What::Change { .. }, Delivery::Failed(_)))
        });
        true
    }

    /// Removes what the log of `room` contains: the messages `ids`, and everything stored up to `head`. Returns true if
    /// that changed anything.
    #[must_use]
    pub fn settle(&mut self, room: &RoomAddress, ids: &[ClientMessageId], head: Seq) -> bool {
        let before = self.list.len();
        self.list.retain(|pending| {
            let passed = matches!(pending.delivery, Delivery::Stored(seq) if seq <= head);
            pending.room != *room || !(passed || ids.contains(&pending.id))
        });
        self.list.len() < before
    }

    /// The connection is gone: whatever had no answer is sent again on the next one.
    pub fn disconnected(&mut self) {
        for pending in &mut self.list {
            if pending.delivery == Delivery::Sent {
                pending.delivery = Delivery::Waiting;
            }
        }
        self.paused_until = None;
    }

    /// The author is another guest now: whatever may be stored already is not resent automatically, and changes are
    /// dropped because the messages of the previous guest cannot be changed.
    pub fn disowned(&mut self) {
        self.list.retain(|pending| matches!(pending.what, What::Message { .. }));
        for pending in &mut self.list {
            if pending.tried && matches!(pending.delivery, Delivery::Waiting | Delivery::Sent) {
                pending.delivery = Delivery::Failed(Reason::Uncertain);
            }
        }
    }

    /// Whether the latest change that is not in the log adds or removes this reaction; `None` without one.
    pub fn reacts(&self, room: &RoomAddress, target: Seq, emoji: &Emoji) -> Option<bool> {
        self.list.iter().rev().find_map(|pending| match &pending.what {
            What::Change { target: of, change: MessageChange::React { emoji: with, on }, .. }
                if pending.room == *room && *of == target && with == emoji =>
            {
                Some(*on)
            }
            _ => None,
        })
    }

    /// Retries a failed message or change.
    pub fn retry(&mut self, id: ClientMessageId) {
        if let Some(pending) = self.find(id)
            && matches!(pending.delivery, Delivery::Failed(_))
        {
            pending.delivery = Delivery::Waiting;
        }
    }

    /// Discards a message or change.
    pub fn discard(&mut self, id: ClientMessageId) {
        self.list.retain(|pending| pending.id != id);
    }

    /// Discards everything for a room that was left.
    pub fn discard_room(&mut self, room: &RoomAddress) {
        self.list.retain(|pending| pending.room != *room);
    }

    /// The pending messages and changes of `room`, in the order of writing.
    pub fn of<'a>(&'a self, room: &'a RoomAddress) -> impl Iterator<Item = &'a Pending> {
        self.list.iter().filter(move |pending| pending.room == *room)
    }

    /// Whether a message to this room is on its way.
    pub fn is_sending(&self, room: &RoomAddress) -> bool {
        self.of(room).any(|pending| {
            matches!(pending.what, What::Message { .. }) && !matches!(pending.delivery, Delivery::Failed(_))
        })
    }

    /// Whether anything is to be sent.
    pub fn is_waiting(&self) -> bool {
        self.in_state(Delivery::Waiting).next().is_some()
    }

    /// The number of messages and changes not stored yet.
    pub fn unsent(&self) -> usize {
        self.list.iter().filter(|pending| !matches!(pending.delivery, Delivery::Stored(_))).count()
    }

    /// The same for one room.
    pub fn unsent_of(&self, room: &RoomAddress) -> usize {
        self.of(room).filter(|pending| !matches!(pending.delivery, Delivery::Stored(_))).count()
    }

    fn in_state(&self, delivery: Delivery) -> impl Iterator<Item = &Pending> {
        self.list.iter().filter(move |pending| pending.delivery == delivery)
    }

    fn find(&mut self, id: ClientMessageId) -> Option<&mut Pending> {
        self.list.iter_mut().find(|pending| pending.id == id)
    }
}

/// When something that was refused may be sent again.
pub fn retries_at(failure: &Failure, now: Timestamp) -> Timestamp {
    let pause = failure.retry_after_ms.map_or(PAUSE, |millis| millis as i64);
    Timestamp::from_millis(now.millis() + pause)
}

#[cfg(test)]
mod tests {
    use shared::MessageText;

    use super::*;

    fn id(number: u128) -> ClientMessageId {
        ClientMessageId::new(uuid::Uuid::from_u128(number))
    }

    fn room() -> RoomAddress {
        RoomAddress::new("general").unwrap()
    }

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn message(text: &str) -> What {
        What::Message { text: MessageText::new(text).unwrap(), reply_to: None }
    }

    fn outbox(count: u128) -> Outbox {
        let mut outbox = Outbox::default();
        for number in 1..=count {
            outbox.write(id(number), room(), message(&format!("{number}")), at(0));
        }
        outbox
    }

    fn sent(commands: &[Command]) -> Vec<ClientMessageId> {
        let id = |command: &Command| match command {
            Command::Post { client_message_id, .. } => *client_message_id,
            Command::Change(change) => change.client_message_id,
            _ => None,
        };
        commands.iter().filter_map(id).collect()
    }

    #[test]
    fn the_next_press_of_a_reaction_counts_from_the_one_that_waits() {
        let mut outbox = Outbox::default();
        let (target, epoch, [tea, cake]) =
            (Seq(3), Epoch::from_random(5), ["🍵", "🍰"].map(|emoji| Emoji::new(emoji).unwrap()));
        for (number, on) in [(1, true), (2, false)] {
            let change = MessageChange::React { emoji: tea.clone(), on };
            outbox.write(id(number), room(), What::Change { target, epoch, change }, at(0));
            assert_eq!(outbox.reacts(&room(), target, &tea), Some(on));
        }
        assert_eq!(outbox.reacts(&room(), target, &cake), None);
        assert_eq!(outbox.reacts(&room(), Seq(4), &tea), None);
    }

    #[test]
    fn what_an_earlier_version_stored_is_read_after_an_update() {
        let earlier = r#"{"Change":{"target":3,"epoch":5,"deed":"Delete"}}"#;
        let change =
            What::Change { target: Seq(3), epoch: Epoch::from_random(5), change: MessageChange::Delete };
        assert_eq!(serde_json::from_str::<What>(earlier).unwrap(), change);
        assert_eq!(serde_json::to_string(&change).unwrap(), earlier);
    }

    #[test]
    fn messages_of_a_room_go_one_after_the_other() {
        let mut outbox = outbox(2);
        assert_eq!(sent(&outbox.take(at(0), |_| false)), []);
        assert_eq!(sent(&outbox.take(at(0), |_| true)), [id(1)]);
        assert_eq!(sent(&outbox.take(at(0), |_| true)), []);
        outbox.stored(id(1), Seq(7));
        assert_eq!(sent(&outbox.take(at(0), |_| true)), [id(2)]);
    }

    #[test]
    fn what_had_no_answer_is_sent_again_under_the_same_id_and_first() {
        let mut outbox = outbox(2);
        outbox.take(at(0), |_| true);
        outbox.disconnected();
        assert_eq!(sent(&outbox.take(at(0), |_| true)), [id(1)]);
    }

    #[test]
    fn somebody_else_does_not_send_again_what_may_be_stored_already() {
        let mut outbox = outbox(2);
        outbox.take(at(0), |_| true);
        outbox.disconnected();
        outbox.disowned();
        let deliveries: Vec<Delivery> = outbox.of(&room()).map(|pending| pending.delivery).collect();
        assert_eq!(deliveries, [Delivery::Failed(Reason::Uncertain), Delivery::Waiting]);
    }

    #[test]
    fn a_stored_message_stays_until_the_log_reaches_it() {
        let mut outbox = outbox(1);
        outbox.take(at(0), |_| true);
        outbox.stored(id(1), Seq(7));
        assert!(!outbox.settle(&room(), &[], Seq(6)), "nothing has changed");
        assert_eq!(outbox.of(&room()).count(), 1);
        assert!(outbox.settle(&room(), &[], Seq(7)));
        assert_eq!(outbox.of(&room()).count(), 0);
    }

    #[test]
    fn the_echo_may_come_before_the_ack() {
        let mut outbox = outbox(1);
        outbox.take(at(0), |_| true);
        assert!(outbox.settle(&room(), &[id(1)], Seq(1)));
        outbox.stored(id(1), Seq(1));
        assert_eq!(outbox, Outbox::default());
    }

    #[test]
    fn too_fast_waits_and_other_refusals_fail_until_retried() {
        let mut outbox = outbox(2);
        outbox.take(at(0), |_| true);
        let failure = Failure { retry_after_ms: Some(200), ..Failure::new(ErrorCode::RateLimited, "") };
        assert!(!outbox.refused(id(1), &failure, at(0)));
        assert_eq!(sent(&outbox.take(at(199), |_| true)), []);
        assert_eq!(sent(&outbox.take(at(200), |_| true)), [id(1)]);
        assert!(!outbox.refused(id(1), &Failure::new(ErrorCode::ContentTooLong, ""), at(200)));
        assert_eq!(sent(&outbox.take(at(200), |_| true)), [id(2)]);
        outbox.retry(id(1));
        outbox.stored(id(2), Seq(1));
        assert_eq!(sent(&outbox.take(at(200), |_| true)), [id(1)]);
        outbox.discard(id(1));
        assert_eq!(outbox.unsent(), 0);
    }
    #[test]
    fn in_slow_mode_a_message_waits_for_its_time_and_changes_go_past_it() {
        let mut outbox = outbox(1);
        outbox.take(at(0), |_| true);
        let failure = Failure { retry_after_ms: Some(9_000), ..Failure::new(ErrorCode::SlowMode, "") };
        assert!(!outbox.refused(id(1), &failure, at(0)));
        let change = MessageChange::React { emoji: Emoji::new("🍵").unwrap(), on: true };
        let epoch = Epoch::from_random(5);
        outbox.write(id(2), room(), What::Change { target: Seq(4), epoch, change }, at(1));
        let elsewhere = RoomAddress::new("kitchen").unwrap();
        outbox.write(id(3), elsewhere, message("quick"), at(1));
        assert_eq!(sent(&outbox.take(at(8_999), |_| true)), [id(2), id(3)]);
        outbox.stored(id(2), Seq(5));
        assert_eq!(sent(&outbox.take(at(9_000), |_| true)), [id(1)]);
        assert!(!outbox.refused(id(1), &failure, at(9_000)));
        assert!(outbox.waits_no_longer(&room()));
        assert_eq!(sent(&outbox.take(at(9_001), |_| true)), [id(1)]);
    }

    #[test]
    fn changes_go_in_their_place_among_messages() {
        let mut outbox = outbox(1);
        let (target, epoch) = (Seq(4), Epoch::from_random(5));
        let edit =
            What::Change { target, epoch, change: MessageChange::Edit(MessageText::new("b").unwrap()) };
        outbox.write(id(2), room(), edit, at(1));
        outbox.write(id(3), room(), What::Change { target, epoch, change: MessageChange::Delete }, at(2));
        for number in 1..=3 {
            assert_eq!(sent(&outbox.take(at(5), |_| true)), [id(number)]);
            outbox.stored(id(number), Seq(number as u64));
        }
    }

    #[test]
    fn of_what_is_refused_only_words_are_kept() {
        let mut outbox = Outbox::default();
        let (target, epoch) = (Seq(4), Epoch::from_random(5));
        outbox.write(id(1), room(), What::Change { target, epoch, change: MessageChange::Pin(true) }, at(0));
        let edit =
            What::Change { target, epoch, change: MessageChange::Edit(MessageText::new("b").unwrap()) };
        outbox.write(id(2), room(), edit, at(0));
        let failure = Failure::new(ErrorCode::TooMany, "");
        assert!(outbox.refused(id(1), &failure, at(0)), "somebody has to be told");
        assert!(!outbox.refused(id(2), &failure, at(0)));
        let left: Vec<_> = outbox.of(&room()).map(|pending| (pending.id, pending.delivery)).collect();
        assert_eq!(left, [(id(2), Delivery::Failed(Reason::Refused(ErrorCode::TooMany)))]);
    }

    #[test]
    fn another_log_takes_what_named_messages_of_the_old_one() {
        let mut outbox = Outbox::default();
        let (seq, epoch) = (Seq(4), Epoch::from_random(5));
        let text = MessageText::new("a").unwrap();
        let reply_to = Some(super::super::pending::ReplyTo { epoch, seq });
        outbox.write(id(1), room(), What::Message { text: text.clone(), reply_to }, at(0));
        outbox.write(
            id(2),
            room(),
            What::Change { target: seq, epoch, change: MessageChange::Delete },
            at(0),
        );
        assert!(!outbox.new_log(&room(), epoch));
        assert_eq!(outbox.of(&room()).count(), 2);
        assert!(outbox.new_log(&room(), Epoch::from_random(6)));
        let left: Vec<What> = outbox.of(&room()).map(|pending| pending.what.clone()).collect();
        assert_eq!(left, [What::Message { text, reply_to: None }]);
    }
}
