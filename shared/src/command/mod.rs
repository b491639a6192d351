//! The commands of a client, parsed so strictly that a command that parses is valid.

mod moderation;
mod parse;
mod rooms;

use serde::Serialize;

use crate::emoji::Emoji;
use crate::id::{ClientMessageId, Epoch, Position, RequestId, Seq, UserId};
use crate::presence::PresenceStatus;
use crate::restriction::RestrictionKind;
use crate::room::{DetailsChange, RoomDetails, RoomKind, RoomRole};
use crate::text::{MessageText, RoomAddress, RoomName, ShortText, UserName};

/// A room to resume, with the client's position in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResumeRoom {
    pub room: RoomAddress,
    /// The last event that the client has; `None` joins the room anew.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub since: Option<Position>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Auth {
    /// The requested name; a resumed session keeps its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<UserName>,
    /// 1 for the full protocol of this crate; absent for clients that speak only the demo's frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<u32>,
    /// The session secret from an earlier `welcome`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// An access token of an account, instead of `username` and `session`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Rooms to join in the same round trip, instead of `general` or, for an account, its rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rooms: Option<Vec<ResumeRoom>>,
}

/// A room to create that has no name of its own to be found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRoom {
    pub kind: RoomKind,
    pub details: RoomDetails,
    /// Whom to invite at once, or whose conversation it is beside the user.
    pub user_ids: Vec<UserId>,
    /// More of them by their names, which a client may know alone; only of a direct conversation.
    pub usernames: Vec<UserName>,
    /// The client's id for the room: a repeated request returns the first room.
    pub client_message_id: Option<ClientMessageId>,
}

/// Somebody, as a request names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    Id(UserId),
    Name(UserName),
}

/// A command of a client.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are named as on the wire and described in docs/protocol.md")]
pub enum Command {
    /// Authenticates the connection.
    Auth(Auth),
    /// Posts a message.
    #[serde(rename = "chat")]
    Post {
        room: RoomAddress,
        content: MessageText,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_message_id: Option<ClientMessageId>,
        /// The message that this one replies to.
        #[serde(skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
    },
    Typing {
        room: RoomAddress,
        is_typing: bool,
    },
    /// Joins a room, creating it if it does not exist.
    JoinRoom {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Position>,
    },
    LeaveRoom {
        room: RoomAddress,
    },
    /// Creates a private room, or opens the direct conversation of these people, and joins it.
    CreateRoom(NewRoom),
    /// Makes somebody a member of a private room.
    #[serde(serialize_with = "rooms::invite")]
    Invite {
        room: RoomAddress,
        whom: Whom,
    },
    /// Ends somebody else's membership. They may not come back into a public room for
    /// [`crate::limits::REMOVED_FOR_SECONDS`].
    RemoveMember {
        room: RoomAddress,
        user_id: UserId,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<ShortText>,
    },
    /// Makes a member a moderator of the room, or an ordinary member again.
    SetRoomRole {
        room: RoomAddress,
        user_id: UserId,
        role: RoomRole,
    },
    /// Bans or mutes somebody in a room; a ban ends the membership.
    #[serde(serialize_with = "rooms::restrict")]
    Restrict {
        room: RoomAddress,
        whom: Whom,
        kind: RestrictionKind,
        /// At most [`crate::limits::RESTRICTION_SECONDS`]; `None`: until somebody lifts it.
        seconds: Option<u32>,
        reason: Option<ShortText>,
    },
    /// Ends a ban or mute.
    #[serde(serialize_with = "rooms::lift")]
    LiftRestriction {
        room: RoomAddress,
        whom: Whom,
        kind: RestrictionKind,
    },
    /// Requests the bans and mutes of a room.
    ListRestrictions {
        room: RoomAddress,
    },
    /// Tells everybody on the server something, at once and once.
    Announce {
        content: MessageText,
    },
    /// Changes some of what a room tells of itself, or how it is used.
    #[serde(serialize_with = "rooms::edit")]
    EditRoom {
        room: RoomAddress,
        change: DetailsChange,
    },
    /// Requests a `pong`.
    Ping,
    /// Requests the room list after `after`, and subscribes to its changes.
    ListRooms {
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<RoomName>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
    },
    /// Requests the latest messages before `before`, the first ones after `after`, or those around `around`; without
    /// any of them, the latest.
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
    /// Requests single messages.
    GetMessages {
        room: RoomAddress,
        seqs: Vec<Seq>,
    },
    /// Requests the first pinned messages after `after`, or the last ones before `before`.
    ListPins {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
    },
    /// Requests the replies to `target` after `after`.
    ListReplies {
        room: RoomAddress,
        target: Seq,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
    },
    /// Requests the versions of a message's text: the first ones after the position `after`, or the last ones before
    /// `before`.
    ListVersions {
        room: RoomAddress,
        target: Seq,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
    },
    /// Requests the users who reacted to a message with one emoji, after the position `after`.
    ListReactors {
        room: RoomAddress,
        target: Seq,
        emoji: Emoji,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
    },
    /// Searches all rooms that the user may read.
    Search {
        query: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cursor: Option<u64>,
    },
    /// Requests the members after the id `after`.
    Members {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<UserId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
    },
    /// Subscribes to individual changes of these members of a big room; replaces the previous selection.
    WatchMembers {
        room: RoomAddress,
        user_ids: Vec<UserId>,
    },
    /// Moves the read mark forward: everything up to `seq` has been read. Never moves it back.
    MarkRead {
        room: RoomAddress,
        seq: Seq,
    },
    /// Moves the read mark back: nothing from `seq` on has been read.
    MarkUnread {
        room: RoomAddress,
        seq: Seq,
    },
    /// Requests the read mark and the unread count.
    CountUnread {
        room: RoomAddress,
    },
    /// Sets whether the user is active on this connection.
    SetPresence {
        status: PresenceStatus,
    },
    #[serde(untagged)]
    Change(ChangeMessage),
}

/// A change of a message that is already in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeMessage {
    #[serde(flatten)]
    pub action: Action,
    pub room: RoomAddress,
    pub target: Seq,
    /// The log that `target` counts in; the change is rejected if the room has another one now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// The client's id for the change, with the same uniqueness as that of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<ClientMessageId>,
}

/// The kinds of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Replaces the text of the user's own message.
    EditMessage {
        content: MessageText,
    },
    /// Deletes the user's own message.
    DeleteMessage,
    AddReaction {
        emoji: Emoji,
    },
    /// Removes the user's reaction.
    RemoveReaction {
        emoji: Emoji,
    },
    /// Pins the message in its room.
    PinMessage,
    UnpinMessage,
}

/// A command with the client's id for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    /// Echoed in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
    #[serde(flatten)]
    pub command: Command,
}
