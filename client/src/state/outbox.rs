//! One's own messages between writing and the server's word that they are stored.

use serde::{Deserialize, Serialize};
use shared::{ClientMessageId, Command, ErrorCode, Failure, MessageText, RoomAddress, Seq, Timestamp};

/// Waits after a refusal that names no time, in milliseconds.
const PAUSE: i64 = 1_000;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// Not sent in this connection.
    Waiting,
    /// Sent; the answer is not there yet.
    Sent,
    /// Stored at this place; the log of this page does not reach there yet.
    Stored(Seq),
    /// Not sent again by itself.
    Failed(Reason),
}

/// Why a message is not sent again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The server refused it.
    Refused(ErrorCode),
    /// It was sent under an earlier identity and may be stored: only the author can tell.
    Uncertain,
}

/// A message that the room's log does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The same at every attempt, so that the server stores it once.
    pub id: ClientMessageId,
    /// Where it goes.
    pub room: RoomAddress,
    /// What it says.
    pub text: MessageText,
    /// When it was written.
    pub written: Timestamp,
    /// How far it has come.
    pub delivery: Delivery,
    /// Whether it was ever sent.
    pub tried: bool,
}

/// The messages that are on their way, in the order of writing. A room has one under way at a time, so that
/// a refusal cannot change their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    list: Vec<Pending>,
    /// Nothing is sent before.
    #[serde(skip)]
    paused_until: Option<Timestamp>,
}

impl Outbox {
    /// A message was written.
    pub fn write(&mut self, id: ClientMessageId, room: RoomAddress, text: MessageText, written: Timestamp) {
        self.list.push(Pending { id, room, text, written, delivery: Delivery::Waiting, tried: false });
    }

    /// What to send now to the rooms that are `ready`. It counts as sent from now on.
    pub fn take(&mut self, now: Timestamp, ready: impl Fn(&RoomAddress) -> bool) -> Vec<Command> {
        if self.paused_until.is_some_and(|until| now < until) {
            return Vec::new();
        }
        self.paused_until = None;
        let mut busy: Vec<RoomAddress> = self.in_state(Delivery::Sent).map(|p| p.room.clone()).collect();
        let mut commands = Vec::new();
        for pending in &mut self.list {
            let free = pending.delivery == Delivery::Waiting && !busy.contains(&pending.room);
            if free && ready(&pending.room) {
                pending.delivery = Delivery::Sent;
                pending.tried = true;
                busy.push(pending.room.clone());
                commands.push(Command::Post {
                    room: pending.room.clone(),
                    content: pending.text.clone(),
                    client_message_id: Some(pending.id),
                });
            }
        }
        commands
    }

    /// The server has stored a message.
    pub fn stored(&mut self, id: ClientMessageId, seq: Seq) {
        if let Some(pending) = self.find(id) {
            pending.delivery = Delivery::Stored(seq);
        }
    }

    /// The server has refused a message. When it was only too fast it is tried again by itself.
    pub fn refused(&mut self, id: ClientMessageId, failure: &Failure, now: Timestamp) {
        let too_fast = failure.code == ErrorCode::RateLimited;
        let Some(pending) = self.find(id) else { return };
        pending.delivery =
            if too_fast { Delivery::Waiting } else { Delivery::Failed(Reason::Refused(failure.code)) };
        if too_fast {
            let pause = failure.retry_after_ms.map_or(PAUSE, |millis| millis as i64);
            self.paused_until = Some(Timestamp::from_millis(now.millis() + pause));
        }
    }

    /// The log of `room` has the messages `ids` and reaches to `head`.
    pub fn settle(&mut self, room: &RoomAddress, ids: &[ClientMessageId], head: Seq) {
        self.list.retain(|pending| {
            let passed = matches!(pending.delivery, Delivery::Stored(seq) if seq <= head);
            pending.room != *room || !(passed || ids.contains(&pending.id))
        });
    }

    /// The connection is gone: what had no answer is sent again in the next one.
    pub fn disconnected(&mut self) {
        for pending in &mut self.list {
            if pending.delivery == Delivery::Sent {
                pending.delivery = Delivery::Waiting;
            }
        }
        self.paused_until = None;
    }

    /// The author is somebody else now: what may be stored already is not sent again unasked.
    pub fn disowned(&mut self) {
        for pending in &mut self.list {
            if pending.tried && matches!(pending.delivery, Delivery::Waiting | Delivery::Sent) {
                pending.delivery = Delivery::Failed(Reason::Uncertain);
            }
        }
    }

    /// The author wants another attempt.
    pub fn retry(&mut self, id: ClientMessageId) {
        if let Some(pending) = self.find(id)
            && matches!(pending.delivery, Delivery::Failed(_))
        {
            pending.delivery = Delivery::Waiting;
        }
    }

    /// The author gives a message up.
    pub fn discard(&mut self, id: ClientMessageId) {
        self.list.retain(|pending| pending.id != id);
    }

    /// Gives up everything for a room that is left.
    pub fn discard_room(&mut self, room: &RoomAddress) {
        self.list.retain(|pending| pending.room != *room);
    }

    /// What is on its way to `room`, in the order of writing.
    pub fn of<'a>(&'a self, room: &'a RoomAddress) -> impl Iterator<Item = &'a Pending> {
        self.list.iter().filter(move |pending| pending.room == *room)
    }

    /// Messages that are not stored yet.
    pub fn unsent(&self) -> usize {
        self.list.iter().filter(|pending| !matches!(pending.delivery, Delivery::Stored(_))).count()
    }

    fn in_state(&self, delivery: Delivery) -> impl Iterator<Item = &Pending> {
        self.list.iter().filter(move |pending| pending.delivery == delivery)
    }

    fn find(&mut self, id: ClientMessageId) -> Option<&mut Pending> {
        self.list.iter_mut().find(|pending| pending.id == id)
    }
}

#[cfg(test)]
mod tests {
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

    fn outbox(count: u128) -> Outbox {
        let mut outbox = Outbox::default();
        for number in 1..=count {
            outbox.write(id(number), room(), MessageText::new(&format!("{number}")).unwrap(), at(0));
        }
        outbox
    }

    fn sent(commands: &[Command]) -> Vec<ClientMessageId> {
        let id = |command: &Command| match command {
            Command::Post { client_message_id, .. } => *client_message_id,
            _ => None,
        };
        commands.iter().filter_map(id).collect()
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
        outbox.settle(&room(), &[], Seq(6));
        assert_eq!(outbox.of(&room()).count(), 1);
        outbox.settle(&room(), &[], Seq(7));
        assert_eq!(outbox.of(&room()).count(), 0);
    }

    #[test]
    fn the_echo_may_come_before_the_ack() {
        let mut outbox = outbox(1);
        outbox.take(at(0), |_| true);
        outbox.settle(&room(), &[id(1)], Seq(1));
        outbox.stored(id(1), Seq(1));
        assert_eq!(outbox, Outbox::default());
    }

    #[test]
    fn too_fast_waits_and_other_refusals_fail_until_retried() {
        let mut outbox = outbox(2);
        outbox.take(at(0), |_| true);
        let failure = Failure { retry_after_ms: Some(200), ..Failure::new(ErrorCode::RateLimited, "") };
        outbox.refused(id(1), &failure, at(0));
        assert_eq!(sent(&outbox.take(at(199), |_| true)), []);
        assert_eq!(sent(&outbox.take(at(200), |_| true)), [id(1)]);
        outbox.refused(id(1), &Failure::new(ErrorCode::ContentTooLong, ""), at(200));
        assert_eq!(sent(&outbox.take(at(200), |_| true)), [id(2)]);
        outbox.retry(id(1));
        outbox.stored(id(2), Seq(1));
        assert_eq!(sent(&outbox.take(at(200), |_| true)), [id(1)]);
        outbox.discard(id(1));
        assert_eq!(outbox.unsent(), 0);
    }
}
