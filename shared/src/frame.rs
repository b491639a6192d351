//! What the server says.

mod parse;

use serde::{Serialize, Serializer};

use crate::emoji::Emoji;
use crate::event::RoomEvent;
use crate::failure::Failure;
use crate::id::{ClientMessageId, Epoch, MessageId, RequestId, Seq, UserId};
use crate::limits::Limits;
use crate::text::{MessageText, RoomAddress, UserName};
use crate::time::Timestamp;

/// The version of the protocol this build speaks beyond the demo's.
pub const PROTOCOL: u32 = 1;

/// Whether a person is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceStatus {
    /// At least one connection, and somebody at it.
    Online,
    /// At least one connection, nobody at it (5 minutes idle or hidden).
    Away,
    /// No connection.
    Offline,
    /// A status newer than this program.
    Unknown,
}

/// A person in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// The name shown.
    pub username: UserName,
    /// Whether they are there.
    pub status: PresenceStatus,
}

/// A room as the room list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoomSummary {
    /// The room's name.
    pub room: RoomAddress,
    /// People in it, there or not.
    pub member_count: u64,
}

/// The answer to `auth`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<u32>,
    /// The secret that resumes this guest; 32 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Whether the session that `auth` offered was taken up.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resumed: bool,
    /// What the server enforces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// The server's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// The answer to `join_room`, and to each room of `auth`: where the room is, and what the client lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Joined {
    /// The room.
    pub room: RoomAddress,
    /// Which log `seq` counts in.
    pub epoch: Epoch,
    /// The position that `events` lead to; live events follow it.
    pub seq: Seq,
    /// With a snapshot: every message after this place is in `events`. 0 says that there is none before them.
    #[serde(skip_serializing_if = "Seq::is_zero")]
    pub start: Seq,
    /// The person's read mark.
    pub read_seq: Seq,
    /// What is unread after it.
    pub unread: UnreadCount,
    /// True: `events` are the latest and replace what the client has. False: they follow its position.
    pub snapshot: bool,
    /// Events in the order of `seq`, without holes.
    pub events: Vec<RoomEvent>,
    /// True: `events` frames for this room follow until one says false; live events come after them.
    pub more: bool,
    /// People in the room, there or not.
    pub member_count: u64,
    /// Some of them, at most 100; with a snapshot only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// Messages of others after the read mark that are not deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct UnreadCount {
    /// How many, counted up to [`crate::limits::UNREAD_COUNTED`].
    pub messages: u32,
    /// How many of them call this person, counted likewise.
    pub mentions: u32,
    /// Counted up to this place; what comes after it is not in the numbers.
    pub counted_seq: Seq,
}

/// A message found by a search, with the room it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Which log the message's `seq` counts in.
    pub epoch: Epoch,
    /// The message as it is now.
    pub message: RoomEvent,
}

/// A text that a message had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The place of the event that gave it.
    pub seq: Seq,
    /// The text.
    pub content: MessageText,
    /// Since when.
    pub timestamp: Timestamp,
}

/// A page of the texts that a message had, the first one first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versions {
    /// The room.
    pub room: RoomAddress,
    /// The message.
    pub target: Seq,
    /// The texts in the order of `seq`; without `after` and `before` the first one is the first text.
    pub versions: Vec<Version>,
    /// Whether there are further ones in the direction asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// Somebody who reacted, with the place of the reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReactorAt {
    /// The place of the reaction.
    pub seq: Seq,
    /// Who.
    pub user_id: UserId,
    /// Their name at that time.
    pub user: UserName,
}

/// A page of the people who reacted to a message with one emoji.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reactors {
    /// The room.
    pub room: RoomAddress,
    /// The message.
    pub target: Seq,
    /// With what.
    pub emoji: Emoji,
    /// Who, in the order of reacting.
    pub users: Vec<ReactorAt>,
    /// Whether there are further ones after the last.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// Further events of a `joined` that said `more`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Events {
    /// The room.
    pub room: RoomAddress,
    /// Which log `seq` counts in.
    pub epoch: Epoch,
    /// Events in the order of `seq`, without holes.
    pub events: Vec<RoomEvent>,
    /// True: more of these frames follow.
    pub more: bool,
}

/// A page of history: every message after `start` up to `end`, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// The room.
    pub room: RoomAddress,
    /// Which log `seq` counts in.
    pub epoch: Epoch,
    /// The place before the first message; 0 when there is none before.
    pub start: Seq,
    /// The last place that the page tells of.
    pub end: Seq,
    /// The messages, in the order of `seq`.
    pub events: Vec<RoomEvent>,
    /// Whether there are further ones in the direction asked for; around a place: whether there are newer ones.
    pub more: bool,
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

impl History {
    /// The page for a [`crate::RoomLog`].
    pub fn page(&self) -> crate::Page<'_> {
        crate::Page { start: self.start, end: self.end, events: &self.events }
    }
}

/// Single messages: those that were asked for, the pinned ones, or the replies to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Messages {
    /// The room.
    pub room: RoomAddress,
    /// Which log `seq` counts in.
    pub epoch: Epoch,
    /// The messages as they are now, in the order of `seq`.
    pub events: Vec<RoomEvent>,
    /// Whether there are further ones after the last; with `before`: before the first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// A page of a search, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SearchResults {
    /// What was found.
    pub hits: Vec<Hit>,
    /// Asks for the next page; none: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<u64>,
    /// Whether messages may be missing, because the server's index does not hold everything yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

/// A frame of the server. Those up to `Error` are the demo's; the others go to clients of protocol 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", remote = "Self")]
#[allow(missing_docs, reason = "the fields are named as on the wire and described in docs/protocol.md")]
pub enum ServerFrame {
    /// The answer to `auth`.
    Welcome(Welcome),
    /// Typing started or stopped, to the others.
    Typing { room: RoomAddress, user: UserName, user_id: UserId, is_typing: bool },
    /// Somebody joined, to the others.
    UserJoined {
        room: RoomAddress,
        user: UserName,
        user_id: UserId,
        timestamp: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none")]
        member_count: Option<u64>,
    },
    /// Somebody left, to the others.
    UserLeft {
        room: RoomAddress,
        user: UserName,
        user_id: UserId,
        timestamp: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none")]
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
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A request failed; the connection stays usable.
    Error {
        #[serde(flatten)]
        failure: Failure,
        timestamp: Timestamp,
    },
    /// It is stored. One for each `chat` and each change of a message, also for a repeated one. `message_id` names
    /// the message, `seq` is the place of the event.
    Ack {
        message_id: MessageId,
        room: RoomAddress,
        seq: Seq,
        timestamp: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_message_id: Option<ClientMessageId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// The answer to `join_room`.
    Joined(Joined),
    /// Further events of a `joined` that said `more`.
    Events(Events),
    /// The person joined a room at another connection: join it here too to follow it.
    Entered { room: RoomAddress },
    /// The answer to `leave_room`; also to the person's other connections.
    Left {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A page of the room list, by name. After the first one changes follow as `room_changed`, `room_removed`.
    Rooms {
        rooms: Vec<RoomSummary>,
        more: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A room of the list is new or has another member count; at most once a second and room.
    RoomChanged(RoomSummary),
    /// A room of the list is gone.
    RoomRemoved { room: RoomAddress },
    /// The answer to `history`.
    History(History),
    /// The answer to `get_messages`, `list_pins` and `list_replies`.
    Messages(Messages),
    /// The answer to `list_versions`.
    Versions(Versions),
    /// The answer to `list_reactors`.
    Reactors(Reactors),
    /// The answer to `search`.
    SearchResults(SearchResults),
    /// A page of members in the order of `user_id`.
    Members {
        room: RoomAddress,
        members: Vec<Member>,
        more: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A big room in numbers, once a second when they changed.
    MemberCounts { room: RoomAddress, member_count: u64, online_count: u64, timestamp: Timestamp },
    /// The person's read mark and what is unread after it; to all their connections when it moved.
    Read {
        room: RoomAddress,
        seq: Seq,
        unread: UnreadCount,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// A request without another answer was carried out.
    Done {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
    },
    /// An event of a room's log, to every member. The demo's clients get messages only.
    #[serde(skip)]
    Event(RoomEvent),
    /// A frame newer than this program.
    Unknown,
}

impl Serialize for ServerFrame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Event(event) => event.serialize(serializer),
            other => Self::serialize(other, serializer),
        }
    }
}
