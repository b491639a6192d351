//! What is to be made durable, and what became of it.

use std::sync::Arc;

use shared::{
    Action, Changed, ClientMessageId, Epoch, ErrorCode, Mentions, MessageId, MessageText, Posted, RoomName,
    Seq, Timestamp, UserId, UserName,
};

use super::{Guest, SecretHash};
use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;

/// Who does something, and their own name for it.
#[derive(Debug, Clone)]
pub struct Author {
    /// The person.
    pub id: UserId,
    /// Their name.
    pub name: UserName,
    /// Their own name for it: with the author unique over messages and changes, as long as they are kept.
    pub client_message_id: Option<ClientMessageId>,
}

/// A message that is to get its place in a room's log.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// The room.
    pub room: Arc<RoomInfo>,
    /// Who writes.
    pub author: Author,
    /// The name the message gets if it is new.
    pub message_id: MessageId,
    /// The text.
    pub content: MessageText,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    /// Whom it calls.
    pub mentions: Mentions,
    /// When it came in.
    pub timestamp: Timestamp,
}

/// A change of a message that is to get its place in a room's log.
#[derive(Debug, Clone)]
pub struct NewChange {
    /// The room.
    pub room: Arc<RoomInfo>,
    /// Who changes.
    pub author: Author,
    /// The message.
    pub target: Seq,
    /// What is to be done.
    pub action: Action,
    /// Whom an edited text calls.
    pub mentions: Mentions,
    /// When it came in.
    pub timestamp: Timestamp,
}

/// Something to be made durable.
#[derive(Debug, Clone)]
pub enum Write {
    /// A message.
    Post(NewPost),
    /// A change of a message.
    Change(NewChange),
    /// The public room of that name: made, or brought back with its log. Refused when there are as many as there may be.
    OpenRoom {
        /// The name.
        name: RoomName,
        /// The epoch it gets if it is new.
        epoch: Epoch,
        /// Whether it is made if there is none; else that is refused.
        make: bool,
        /// Whether it stays when nobody is in it.
        permanent: bool,
        /// Now.
        at: Timestamp,
    },
    /// A room has members, or since `at` has none.
    SetLive {
        /// The room.
        room: RoomId,
        /// None: it has members. Else since when it has none.
        empty_since: Option<ServerTime>,
    },
    /// A guest and the secret that resumes it; or a guest that came back under another name.
    SaveGuest {
        /// Who.
        guest: Guest,
        /// How to recognise them.
        secret: SecretHash,
        /// Now.
        at: ServerTime,
    },
    /// A guest came or went.
    Seen {
        /// Who, at most 500.
        guests: Vec<UserId>,
        /// Now.
        at: ServerTime,
    },
    /// A guest is a member of a room, or is no longer.
    SetMember {
        /// The room.
        room: RoomId,
        /// Who.
        guest: UserId,
        /// Whether they are.
        member: bool,
    },
    /// A guest's read mark.
    SetRead {
        /// The room.
        room: RoomId,
        /// Who.
        guest: UserId,
        /// Everything up to here is read.
        read: Seq,
    },
    /// Time has passed. What was stored until now is older than what comes.
    Tick {
        /// Now, never before an earlier one.
        time: ServerTime,
        /// What the wall clock shows.
        wall: Timestamp,
    },
    /// Removes messages of a room that were stored by the last [`Write::Tick`] until `before`, at most so many that others need not wait.
    Trim {
        /// The room.
        room: Arc<RoomInfo>,
        /// How long ago.
        before: ServerTime,
        /// Now.
        at: Timestamp,
    },
    /// Removes the log of a room if it has been empty since `before`, at most so much that others need not wait.
    Purge {
        /// The room.
        room: RoomId,
        /// It was empty then and ever since.
        before: ServerTime,
    },
    /// Forgets guests who were not seen since `before`.
    ForgetGuests {
        /// The last moment that is forgotten.
        before: ServerTime,
    },
}

impl Write {
    /// The text that it brings.
    pub fn text(&self) -> Option<&MessageText> {
        match self {
            Self::Post(NewPost { content, .. })
            | Self::Change(NewChange { action: Action::EditMessage { content }, .. }) => Some(content),
            _ => None,
        }
    }
}

/// What became of a [`Write`].
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The message has its place.
    Posted(Posted),
    /// It was stored before; this is the message as it stands.
    Repeated(Posted),
    /// The change has its place.
    Changed(Changed, MessageId),
    /// It was stored before; this is the change as it stands.
    RepeatedChange(Changed, MessageId),
    /// The message is so already.
    Unchanged {
        /// The message.
        message_id: MessageId,
        /// The last event that made it so.
        seq: Seq,
    },
    /// It may not be done.
    Refused(ErrorCode),
    /// The room, made or found.
    Room(Arc<RoomInfo>),
    /// Something old is gone.
    Removed(Removed),
    /// Done.
    Done,
}

/// Part of a log that is gone.
#[derive(Debug, Clone, Default)]
pub struct Removed {
    /// The places of the messages in the order of the whole log ([`super::Store::search`]).
    pub commits: Vec<u64>,
    /// How the room's log tells of it, if the room still has one.
    pub trimmed: Option<Changed>,
    /// Whether there is more to be removed.
    pub more: bool,
}
