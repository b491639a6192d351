//! What the user has written or done and the room's log does not contain yet.

use serde::{Deserialize, Serialize};
use shared::{
    Action, Change, ChangeMessage, Changed, ClientMessageId, Command, Emoji, Epoch, ErrorCode, MessageText,
    Person, Posted, RoomAddress, Seq, Timestamp,
};

/// Delivery state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// Not sent on this connection.
    Waiting,
    /// Sent, not answered yet.
    Sent,
    /// Stored at this seq, which the log on this page has not reached yet.
    Stored(Seq),
    /// Not sent again automatically.
    Failed(Reason),
}

/// Why it is not sent again automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The server refused it.
    Refused(ErrorCode),
    /// It was sent under an earlier identity and may be stored: only the author can tell.
    Uncertain,
}

/// The message that is replied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The log that `seq` refers to.
    pub epoch: Epoch,
    pub seq: Seq,
}

/// A change to a message in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageChange {
    /// Replace its text.
    Edit(MessageText),
    Delete,
    /// Add or remove a reaction.
    React {
        emoji: Emoji,
        /// Whether to add it.
        on: bool,
    },
    /// Pin or unpin it.
    Pin(bool),
}

/// What is to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A new message.
    Message { text: MessageText, reply_to: Option<ReplyTo> },
    /// A change to a message.
    Change {
        /// The message.
        target: Seq,
        /// The log that `target` refers to.
        epoch: Epoch,
        /// Named as earlier versions stored it: a tab keeps what was not sent over an update.
        #[serde(rename = "deed")]
        change: MessageChange,
    },
}

/// One pending message or change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The same on every attempt, so that the server stores it once.
    pub id: ClientMessageId,
    pub room: RoomAddress,
    pub what: What,
    pub written: Timestamp,
    pub delivery: Delivery,
    /// Whether it was ever sent.
    pub tried: bool,
}

impl Pending {
    /// The request that stores it.
    pub fn command(&self) -> Command {
        let (room, client_message_id) = (self.room.clone(), Some(self.id));
        match &self.what {
            What::Message { text, reply_to } => Command::Post {
                room,
                content: text.clone(),
                client_message_id,
                reply_to: reply_to.map(|reply| reply.seq),
            },
            What::Change { target, epoch, change } => Command::Change(ChangeMessage {
                action: change.action(),
                room,
                target: *target,
                epoch: Some(*epoch),
                client_message_id,
            }),
        }
    }

    /// The message that it changes.
    pub const fn target(&self) -> Option<Seq> {
        match self.what {
            What::Message { .. } => None,
            What::Change { target, .. } => Some(target),
        }
    }

    /// Whether text that the user wrote is lost if it is not sent.
    pub const fn has_words(&self) -> bool {
        matches!(self.what, What::Message { .. } | What::Change { change: MessageChange::Edit(_), .. })
    }

    /// Whether it refers to a message of another log than the one of `epoch`.
    pub fn is_of_another_log(&self, epoch: Epoch) -> bool {
        match &self.what {
            What::Message { reply_to, .. } => reply_to.is_some_and(|reply| reply.epoch != epoch),
            What::Change { epoch: of, .. } => *of != epoch,
        }
    }

    /// The room now has the log of `epoch`: references to messages of the old log become invalid.
    pub fn new_log(&mut self, epoch: Epoch) {
        match &mut self.what {
            What::Message { reply_to, .. } => *reply_to = reply_to.filter(|reply| reply.epoch == epoch),
            What::Change { epoch: of, .. } if *of != epoch => {
                self.delivery = Delivery::Failed(Reason::Refused(ErrorCode::NoSuchMessage));
            }
            What::Change { .. } => {}
        }
    }

    /// Applies this change by `me` to `posted`, ahead of the server.
    pub fn preview(&self, posted: &mut Posted, me: &Person) {
        let What::Change { change, .. } = &self.what else { return };
        let reacted = |emoji: &Emoji| {
            let of = posted.reactions.iter().find(|reaction| reaction.emoji == *emoji);
            of.is_some_and(|reaction| reaction.users.iter().any(|user| user.user_id == me.user_id))
        };
        let change = match change {
            MessageChange::Edit(text) => {
                Change::Edited { content: Some(text.clone()), mentions: posted.mentions.clone() }
            }
            MessageChange::Delete => Change::Deleted,
            // The event may arrive before the ack.
            MessageChange::React { emoji, on } if *on == reacted(emoji) => return,
            MessageChange::React { emoji, on: true } => Change::ReactionAdded(emoji.clone()),
            MessageChange::React { emoji, on: false } => Change::ReactionRemoved(emoji.clone()),
            MessageChange::Pin(true) => Change::Pinned,
            MessageChange::Pin(false) => Change::Unpinned,
        };
        posted.change(&Changed {
            room: self.room.clone(),
            seq: posted.changed_seq.unwrap_or_default().next(),
            target: posted.seq,
            by: Some(me.clone()),
            timestamp: self.written,
            client_message_id: Some(self.id),
            change,
        });
    }
}

impl MessageChange {
    fn action(&self) -> Action {
        match self {
            Self::Edit(text) => Action::EditMessage { content: text.clone() },
            Self::Delete => Action::DeleteMessage,
            Self::React { emoji, on: true } => Action::AddReaction { emoji: emoji.clone() },
            Self::React { emoji, on: false } => Action::RemoveReaction { emoji: emoji.clone() },
            Self::Pin(true) => Action::PinMessage,
            Self::Pin(false) => Action::UnpinMessage,
        }
    }
}
