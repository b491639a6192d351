//! What the server says.

use serde::{Deserialize, Serialize};

use crate::event::{Posted, RoomEvent};
use crate::failure::Failure;
use crate::id::{ClientMessageId, Epoch, MessageId, RequestId, Seq, UserId};
use crate::limits::Limits;
use crate::text::{RoomAddress, UserName};
use crate::time::Timestamp;

/// The version of the protocol this build speaks beyond the demo's.
pub const PROTOCOL: u32 = 1;

/// Whether a person is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceStatus {
    /// At least one connection, and somebody at it.
    Online,
    /// At least one connection, nobody at it (5 minutes idle or hidden).
    Away,
    /// No connection.
    Offline,
    /// A status newer than this program.
    #[serde(other)]
    Unknown,
}

/// A person in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// The name shown.
    pub username: UserName,
    /// Whether they are there.
    pub status: PresenceStatus,
}

/// A room as the room list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// The room's name.
    pub room: RoomAddress,
    /// People in it, there or not.
    pub member_count: u64,
}

/// The answer to `auth`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The person's id: `sender_id` of their messages.
    pub client_id: UserId,
    /// The name they got: another than asked for when that was taken.
    pub username: UserName,
    /// A greeting.
    pub message: String,
    /// The server's time.
    pub timestamp: Timestamp,
    /// The protocol spoken on this connection; absent for a client of the demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<u32>,
    /// The secret that resumes this guest; 32 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Whether the session that `auth` offered was taken up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resumed: bool,
    /// What the server enforces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// The server's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The `id` of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// The answer to `join_room`, and to each room of `auth`: where the room is, and what the client lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The room.
    pub room: RoomAddress,
    /// Which log `seq` counts in.
    pub epoch: Epoch,
    /// The last event of `events`, or the position the client named when there is none after it.
    pub seq: Seq,
    /// The person's read mark.
    pub read_seq: Seq,
    /// True: `events` are the latest and replace what the client has. False: they follow its position.
    pub snapshot: bool,
    /// Events in the order of `seq`, without holes.
    pub events: Vec<RoomEvent>,
    /// True: `events` frames for this room follow until one says false; live events come after them.
    pub more: bool,
    /// People in the room, there or not.
    pub member_count: u64,
    /// Some of them, at most 100; with a snapshot only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// The `id` of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// A frame of the server. Those up to `Error` are the demo's; the others go to clients of protocol 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are named as on the wire and described in docs/protocol.md")]
pub enum ServerFrame {
    /// The answer to `auth`.
    Welcome(Welcome),
    /// A message, to every member.
    Message(Posted),
    /// Typing started or stopped, to the others.
    Typing { room: RoomAddress, user: UserName, user_id: UserId, is_typing: bool },
    /// Somebody joined, to the others.
    UserJoined {
        room: RoomAddress,
        user: UserName,
        user_id: UserId,
        timestamp: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member_count: Option<u64>,
    },
    /// Somebody left, to the others.
    UserLeft {
        room: RoomAddress,
        user: UserName,
        user_id: UserId,
        timestamp: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member_count: Option<u64>,
    },
    /// Somebody's status changed, to the others.
    Presence {
        room: RoomAddress,
        user: UserName,
        user_id: UserId,
        status: PresenceStatus,
        timestamp: Timestamp,
    },
    /// The answer to `ping`.
    Pong {
        timestamp: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A request failed; the connection stays usable.
    Error {
        #[serde(flatten)]
        failure: Failure,
        timestamp: Timestamp,
    },
    /// The message is stored. One for each `chat`, also for a repeated one.
    Ack {
        message_id: MessageId,
        room: RoomAddress,
        seq: Seq,
        timestamp: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_message_id: Option<ClientMessageId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// The answer to `join_room`.
    Joined(Joined),
    /// Further events of a `joined` that said `more`.
    Events { room: RoomAddress, epoch: Epoch, events: Vec<RoomEvent>, more: bool },
    /// The answer to `leave_room`; also to the person's other connections.
    Left {
        room: RoomAddress,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A page of the room list, by name. After the first one changes follow as `room_changed`, `room_removed`.
    Rooms {
        rooms: Vec<RoomSummary>,
        more: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A room of the list is new or has another member count; at most once a second and room.
    RoomChanged(RoomSummary),
    /// A room of the list is gone.
    RoomRemoved { room: RoomAddress },
    /// A page of history in the order of `seq`. `more`: there are further ones in the direction asked for.
    History {
        room: RoomAddress,
        epoch: Epoch,
        events: Vec<RoomEvent>,
        more: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A page of members in the order of `user_id`.
    Members {
        room: RoomAddress,
        members: Vec<Member>,
        more: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A big room in numbers, once a second when they changed.
    MemberCounts { room: RoomAddress, member_count: u64, online_count: u64, timestamp: Timestamp },
    /// The person's read mark moved; to all their connections.
    Read {
        room: RoomAddress,
        seq: Seq,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A request without another answer was carried out.
    Done {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A frame newer than this program.
    #[serde(other)]
    Unknown,
}
