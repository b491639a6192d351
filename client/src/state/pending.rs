//! What this person has written or done and the room's log does not have yet.

use serde::{Deserialize, Serialize};
use shared::{
    Action, Change, ChangeMessage, Changed, ClientMessageId, Command, Emoji, Epoch, ErrorCode, MessageText,
    Posted, Reactor, RoomAddress, Seq, Timestamp,
};

/// How far it has come.
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

/// Why it is not sent again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The server refused it.
    Refused(ErrorCode),
    /// It was sent under an earlier identity and may be stored: only the author can tell.
    Uncertain,
}

/// A message that one answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The log that `seq` counts in.
    pub epoch: Epoch,
    /// The message.
    pub seq: Seq,
}

/// What to do with a message that is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Give it another text.
    Edit(MessageText),
    /// Delete it.
    Delete,
    /// React, or take the reaction back.
    React {
        /// With what.
        emoji: Emoji,
        /// Whether it is to be there.
        on: bool,
    },
    /// Pin it, or unpin it.
    Pin(bool),
}

/// What is to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A message.
    Message {
        /// What it says.
        text: MessageText,
        /// What it answers.
        reply_to: Option<ReplyTo>,
    },
    /// A change of a message.
    Change {
        /// The message.
        target: Seq,
        /// The log that `target` counts in.
        epoch: Epoch,
        /// What becomes of it.
        deed: Deed,
    },
}

/// One message or change on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The same at every attempt, so that the server stores it once.
    pub id: ClientMessageId,
    /// Where it goes.
    pub room: RoomAddress,
    /// What it is.
    pub what: What,
    /// When it was written.
    pub written: Timestamp,
    /// How far it has come.
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
            What::Change { target, epoch, deed } => Command::Change(ChangeMessage {
                action: deed.action(),
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

    /// Whether it is lost when it is not sent: words that somebody wrote.
    pub const fn has_words(&self) -> bool {
        matches!(self.what, What::Message { .. } | What::Change { deed: Deed::Edit(_), .. })
    }

    /// Whether it names a message of another log than the one of `epoch`.
    pub fn is_of_another_log(&self, epoch: Epoch) -> bool {
        match &self.what {
            What::Message { reply_to, .. } => reply_to.is_some_and(|reply| reply.epoch != epoch),
            What::Change { epoch: of, .. } => *of != epoch,
        }
    }

    /// The room's log is another one now: what named messages of the old one names nothing any more.
    pub fn new_log(&mut self, epoch: Epoch) {
        match &mut self.what {
            What::Message { reply_to, .. } => *reply_to = reply_to.filter(|reply| reply.epoch == epoch),
            What::Change { epoch: of, .. } if *of != epoch => {
                self.delivery = Delivery::Failed(Reason::Refused(ErrorCode::NoSuchMessage));
            }
            What::Change { .. } => {}
        }
    }

    /// Shows in `posted` what this change by `me` will make of it.
    pub fn preview(&self, posted: &mut Posted, me: &Reactor) {
        let What::Change { deed, .. } = &self.what else { return };
        let reacted = |emoji: &Emoji| {
            let of = posted.reactions.iter().find(|reaction| reaction.emoji == *emoji);
            of.is_some_and(|reaction| reaction.users.iter().any(|user| user.user_id == me.user_id))
        };
        let change = match deed {
            Deed::Edit(text) => {
                Change::Edited { content: Some(text.clone()), mentions: posted.mentions.clone() }
            }
            Deed::Delete => Change::Deleted,
            // The event may be there before the ack.
            Deed::React { emoji, on } if *on == reacted(emoji) => return,
            Deed::React { emoji, on: true } => Change::ReactionAdded(emoji.clone()),
            Deed::React { emoji, on: false } => Change::ReactionRemoved(emoji.clone()),
            Deed::Pin(true) => Change::Pinned,
            Deed::Pin(false) => Change::Unpinned,
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

impl Deed {
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
