//! What a client may ask for, read so strictly that a command that parses is a valid one.

mod body;
mod parse;

use serde::Serialize;

use crate::emoji::Emoji;
use crate::frame::PresenceStatus;
use crate::id::{ClientMessageId, Epoch, Position, RequestId, Seq, UserId};
use crate::text::{MessageText, RoomAddress, RoomName, UserName};

/// A room to come back to, with the position the client has there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResumeRoom {
    /// The room.
    pub room: RoomAddress,
    /// The last event the client has; none: the room is joined anew.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub since: Option<Position>,
}

/// The first frame of every connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Auth {
    /// The name asked for; a resumed session keeps its own.
    pub username: Option<UserName>,
    /// 1 for everything in this crate; absent for the demo's frames only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<u32>,
    /// The secret of an earlier `welcome`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Rooms to join in the same round trip instead of `general`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rooms: Option<Vec<ResumeRoom>>,
}

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are named as on the wire and described in docs/protocol.md")]
pub enum Command {
    /// Says who is there.
    Auth(Auth),
    /// Writes a message.
    #[serde(rename = "chat")]
    Post {
        room: RoomAddress,
        content: MessageText,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_message_id: Option<ClientMessageId>,
        /// The message that this one answers.
        #[serde(skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
    },
    /// Typing started or stopped.
    Typing { room: RoomAddress, is_typing: bool },
    /// Joins a room, which is created if it does not exist.
    JoinRoom {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Position>,
    },
    /// Leaves a room.
    LeaveRoom { room: RoomAddress },
    /// Asks for a `pong`.
    Ping,
    /// Asks for the room list after `after` and for its changes.
    ListRooms {
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<RoomName>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
    },
    /// Asks for the latest messages before `before`, the first ones after `after`, or those around `around`; without
    /// any: the latest.
    History {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        around: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
    },
    /// Asks for these messages.
    GetMessages { room: RoomAddress, seqs: Vec<Seq> },
    /// Asks for the first pinned messages after `after`, or the last ones before `before`.
    ListPins {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
    },
    /// Asks for the messages that name `target` as what they answer, after `after`.
    ListReplies {
        room: RoomAddress,
        target: Seq,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
    },
    /// Asks for texts that a message had: the first ones after the place `after`, or the last ones before `before`.
    ListVersions {
        room: RoomAddress,
        target: Seq,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
    },
    /// Asks for the people who reacted to a message with one emoji, after the place `after`.
    ListReactors {
        room: RoomAddress,
        target: Seq,
        emoji: Emoji,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
    },
    /// Searches all rooms that one may read.
    Search {
        query: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cursor: Option<u64>,
    },
    /// Asks for the members after the id `after`.
    Members {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<UserId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
    },
    /// Asks for single changes of these members of a big room; replaces the earlier choice.
    WatchMembers { room: RoomAddress, user_ids: Vec<UserId> },
    /// Everything up to `seq` has been read. A mark never moves back.
    MarkRead { room: RoomAddress, seq: Seq },
    /// Nothing from `seq` on has been read: moves the mark back.
    MarkUnread { room: RoomAddress, seq: Seq },
    /// Asks for the read mark and what is unread.
    CountUnread { room: RoomAddress },
    /// Says whether somebody is at this connection.
    SetPresence { status: PresenceStatus },
    /// Changes a message.
    #[serde(untagged)]
    Change(ChangeMessage),
}

/// A change of a message that is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeMessage {
    /// What to do.
    #[serde(flatten)]
    pub action: Action,
    /// Where.
    pub room: RoomAddress,
    /// The message.
    pub target: Seq,
    /// The log that `target` counts in; if another one is there now, the change is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// The client's name for the change, unique as that of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<ClientMessageId>,
}

/// What to do with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Give one's own message another text.
    EditMessage {
        /// The new text.
        content: MessageText,
    },
    /// Delete one's own message.
    DeleteMessage,
    /// React.
    AddReaction {
        /// With what.
        emoji: Emoji,
    },
    /// Take a reaction back.
    RemoveReaction {
        /// With what.
        emoji: Emoji,
    },
    /// Pin it in its room.
    PinMessage,
    /// Unpin it.
    UnpinMessage,
}

/// A command with the client's name for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    /// Given back in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
    /// What is asked for.
    #[serde(flatten)]
    pub command: Command,
}
