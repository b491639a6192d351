//! What a device has written: resent under the same id until it is answered, and kept for the final checks.

use std::collections::HashMap;

use shared::{
    Action, ChangeMessage, ClientMessageId, Command, ErrorCode, MessageId, MessageText, RoomAddress, Seq,
};

/// The outcome of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// No answer yet.
    Pending,
    /// Stored.
    Acked {
        /// Seq of the event.
        seq: Seq,
        message: MessageId,
    },
    /// Not stored.
    Refused(ErrorCode),
}

/// A posted message or a change of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    pub id: ClientMessageId,
    /// The request as sent.
    pub deed: Deed,
    /// How many times it was sent.
    pub sent: u32,
    pub fate: Fate,
    /// Whether the store worked all the time from the write to its answer. Only then do seqs follow the order of
    /// writes: one that was refused and sent again may come after later ones.
    pub calm: bool,
    /// How far the device followed the room.
    pub from: Seq,
    troubles: u64,
}

/// What a write asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    Post { room: RoomAddress, content: MessageText, reply_to: Option<Seq> },
    Change(ChangeMessage),
}

impl Deed {
    pub const fn room(&self) -> &RoomAddress {
        match self {
            Self::Post { room, .. } | Self::Change(ChangeMessage { room, .. }) => room,
        }
    }

    /// The message that is replied to or changed.
    pub const fn target(&self) -> Option<Seq> {
        match self {
            Self::Post { reply_to, .. } => *reply_to,
            Self::Change(change) => Some(change.target),
        }
    }
}

impl Write {
    fn command(&self) -> Command {
        match &self.deed {
            Deed::Post { room, content, reply_to } => Command::Post {
                room: room.clone(),
                content: content.clone(),
                client_message_id: Some(self.id),
                reply_to: *reply_to,
            },
            Deed::Change(change) => Command::Change(change.clone()),
        }
    }
}

/// How an answer relates to earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The first answer to this write.
    First,
    /// A repetition of the first answer.
    Again,
    /// Contradicts the first answer.
    Otherwise,
    /// Answers something that was never written.
    Unknown,
}

/// Everything that one device has written, in order.
#[derive(Debug, Default)]
pub struct Outbox {
    writes: Vec<Write>,
    by_id: HashMap<ClientMessageId, usize>,
    pending: Vec<usize>,
}

impl Outbox {
    /// Records a write and returns the command to send.
    ///
    /// `from` is how far the device follows the room, `troubles` the current
    /// [`World::troubles`](crate::world::World::troubles).
    pub fn write(
        &mut self,
        id: ClientMessageId,
        deed: Deed,
        connected: bool,
        from: Seq,
        troubles: u64,
    ) -> Command {
        let deed = match deed {
            Deed::Change(change) => Deed::Change(ChangeMessage { client_message_id: Some(id), ..change }),
            post @ Deed::Post { .. } => post,
        };
        let (sent, fate) = (u32::from(connected), Fate::Pending);
        let write = Write { id, deed, sent, fate, calm: false, from, troubles };
        let command = write.command();
        self.by_id.insert(id, self.writes.len());
        self.pending.push(self.writes.len());
        self.writes.push(write);
        command
    }

    /// Returns the commands to resend on a new connection, and how many of them were sent before.
    pub fn again(&mut self) -> (Vec<Command>, u64) {
        let mut again = 0;
        let mut commands = Vec::with_capacity(self.pending.len());
        for &index in &self.pending {
            let write = &mut self.writes[index];
            again += u64::from(write.sent > 0);
            write.sent += 1;
            commands.push(write.command());
        }
        (commands, again)
    }

    /// Records an answer.
    pub fn answered(&mut self, id: ClientMessageId, fate: Fate, troubles: u64) -> Answered {
        let Some(&index) = self.by_id.get(&id) else { return Answered::Unknown };
        let write = &mut self.writes[index];
        if write.fate == Fate::Pending {
            write.fate = fate;
            write.calm = troubles == write.troubles && troubles.is_multiple_of(2);
            self.pending.retain(|&pending| pending != index);
            return Answered::First;
        }
        if write.fate == fate { Answered::Again } else { Answered::Otherwise }
    }

    /// Finds a write by its id.
    pub fn find(&self, id: ClientMessageId) -> Option<&Write> {
        self.by_id.get(&id).map(|&index| &self.writes[index])
    }

    /// Number of writes without an answer.
    pub const fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// All writes, answered or not.
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }
}

/// A readable name for an action.
pub const fn name(action: &Action) -> &'static str {
    match action {
        Action::EditMessage { .. } => "an edit",
        Action::DeleteMessage => "a deletion",
        Action::AddReaction { .. } => "a reaction",
        Action::RemoveReaction { .. } => "the end of a reaction",
        Action::PinMessage => "a pin",
        Action::UnpinMessage => "the end of a pin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(text: &str) -> Deed {
        let room = RoomAddress::new("room").unwrap();
        Deed::Post { room, content: MessageText::new(text).unwrap(), reply_to: None }
    }

    fn id(number: u128) -> ClientMessageId {
        ClientMessageId::new(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn what_has_no_answer_is_sent_again_in_its_order_under_the_same_id() {
        let mut outbox = Outbox::default();
        let commands =
            [1, 2, 3].map(|number| outbox.write(id(number), post(&number.to_string()), true, Seq::ZERO, 0));
        let acked = Fate::Acked { seq: Seq(5), message: MessageId::new(uuid::Uuid::nil()) };
        assert_eq!(outbox.answered(id(2), acked, 0), Answered::First);
        assert_eq!(outbox.again(), (vec![commands[0].clone(), commands[2].clone()], 2));
        assert_eq!(outbox.answered(id(2), acked, 0), Answered::Again);
        assert_eq!(outbox.answered(id(2), Fate::Refused(ErrorCode::Forbidden), 0), Answered::Otherwise);
        assert_eq!(outbox.answered(id(9), acked, 0), Answered::Unknown);
    }

    #[test]
    fn what_could_be_stored_all_the_time_is_calm() {
        let acked = Fate::Acked { seq: Seq(1), message: MessageId::new(uuid::Uuid::nil()) };
        for (before, after, calm) in [(2, 2, true), (2, 3, false), (3, 3, false), (2, 4, false)] {
            let mut outbox = Outbox::default();
            outbox.write(id(1), post("a text"), true, Seq::ZERO, before);
            outbox.answered(id(1), acked, after);
            assert_eq!(outbox.writes()[0].calm, calm, "{before} {after}");
        }
    }
}
