//! Frames from the server.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::account::{Preferences, Profile};
use crate::event::{Person, RoomEvent};
use crate::failure::Failure;
use crate::fields::{Fields, FromFields, frames, object};
use crate::id::{ClientMessageId, Epoch, MessageId, RequestId, Seq, UserId};
use crate::limits::Limits;
use crate::pages::{History, Messages, Reactors, SearchResults, Versions};
use crate::presence::PresenceStatus;
use crate::restriction::{Muted, Restriction};
use crate::room::{Privilege, RoomDetails, RoomKind, RoomRole};
use crate::text::{MessageText, RoomAddress, ShortText, UserName};
use crate::time::Timestamp;

/// The protocol version of this build; absent in the demo protocol.
pub const PROTOCOL: u32 = 1;

object! {
    /// A member of a room.
    pub struct Member {
        pub user_id: UserId = need,
        /// The display name.
        pub username: UserName = need,
        pub status: PresenceStatus = need,
        /// What they are in the room.
        pub role: RoomRole = or_default,
    }
}

object! {
    /// A room in the room list.
    pub struct RoomSummary {
        pub room: RoomAddress = need,
        /// Number of members, online or not.
        pub member_count: u64 = need,
    }
}

object! {
    /// The answer to `auth`.
    pub struct Welcome {
        /// The user's id: `sender_id` of their messages.
        pub client_id: UserId = need,
        /// The assigned name: differs from the requested one if that was taken.
        pub username: UserName = need,
        pub message: String = need,
        pub timestamp: Timestamp = need,
        /// The protocol version of this connection; absent for demo clients.
        pub protocol: Option<u32> = get,
        /// The secret that resumes this guest's session; 32 hexadecimal digits.
        pub session: Option<String> = get,
        /// Whether the session offered in `auth` was resumed.
        pub resumed: bool = or_default,
        /// For an account: when its token expires. Send a newer one in `auth` before.
        pub expires_at: Option<Timestamp> = get,
        /// The limits that the server enforces.
        pub limits: Option<Limits> = get,
        pub server: Option<String> = get,
        /// The `id` of the request.
        pub id: Option<RequestId> = get,
    }
}

object! {
    /// The answer to `join_room`, and for each room of `auth`: the position of the room and what the client lacks.
    pub struct Joined {
        pub room: RoomAddress = need,
        pub kind: RoomKind = or_default,
        /// What the room tells of itself at `seq` or later.
        pub details: RoomDetails = or_default,
        /// Whose direct conversation it is, the user among them, also those whose account was deleted.
        pub people: Vec<Member> = or_default,
        /// What the user is in the room.
        pub role: RoomRole = or_default,
        /// What the user may do beyond reading and writing.
        pub may: Vec<Privilege> = or_default,
        /// Whether the user may not write in the room at present.
        pub muted: Option<Muted> = get,
        /// The number of open reports, for those who see them. Absent if there are none.
        pub reports: Option<u32> = get,
        pub epoch: Epoch = need,
        /// The position that `events` lead to; live events follow it.
        pub seq: Seq = need,
        /// With a snapshot: `events` has every message after this position. 0 if there are no earlier messages.
        pub start: Seq = or_default,
        /// The user's read mark.
        pub read_seq: Seq = need,
        /// Unread count after `read_seq`.
        pub unread: UnreadCount = added,
        /// True: `events` are the latest and replace the client's state. False: they continue from the client's
        /// position.
        pub snapshot: bool = need,
        /// Events in order of `seq`, without gaps.
        pub events: Vec<RoomEvent> = need,
        /// True: `events` frames for this room follow until one has `more: false`; live events come after them.
        pub more: bool = need,
        /// Number of members, online or not.
        pub member_count: u64 = need,
        /// Some members, at most 100; with a snapshot only.
        pub members: Vec<Member> = or_default,
        /// The `id` of the request.
        pub id: Option<RequestId> = get,
    }
}

object! {
    /// Unread count: undeleted messages of others after the read mark.
    #[derive(Copy, Default)]
    pub struct UnreadCount {
        /// At most [`crate::limits::UNREAD_COUNTED`].
        pub messages: u32 = need,
        /// How many of them mention this user, with the same bound.
        pub mentions: u32 = need,
        /// The last position included in the counts.
        pub counted_seq: Seq = need,
    }
}

object! {
    /// Further events of a `joined` with `more`.
    pub struct Events {
        pub room: RoomAddress = need,
        pub epoch: Epoch = need,
        /// Events in order of `seq`, without gaps.
        pub events: Vec<RoomEvent> = need,
        /// True: more `events` frames follow.
        pub more: bool = need,
    }
}

frames! {
    /// A frame from the server. `error` and the frames up to `pong` belong to the demo protocol; the others are only
    /// sent to clients of protocol 1.
    #[allow(missing_docs, reason = "the fields are named as on the wire and described in docs/protocol.md")]
    pub enum ServerFrame {
        /// The answer to `auth`.
        "welcome" Welcome(Welcome);
        /// The answer to `auth` on a connection of an account: it lasts as long as the newer token.
        "renewed" Renewed { expires_at: Timestamp; id: Option<RequestId> };
        /// A user has this name and profile from now on; sent to everybody who shares a room with them, and to themselves.
        "user_changed" UserChanged { user: UserName, user_id: UserId; profile: Option<Arc<Profile>> };
        /// What the account of the connection prefers; sent after `welcome`, and whenever it changes.
        "preferences" Preferences(Preferences);
        /// Typing started or stopped; sent to the other members.
        "typing" Typing { room: RoomAddress, user: UserName, user_id: UserId, is_typing: bool };
        /// A user joined; sent to the other members.
        "user_joined" UserJoined {
            room: RoomAddress, user: UserName, user_id: UserId, timestamp: Timestamp; member_count: Option<u64>
        };
        /// A user left; sent to the other members.
        "user_left" UserLeft {
            room: RoomAddress, user: UserName, user_id: UserId, timestamp: Timestamp; member_count: Option<u64>
        };
        /// A user's presence changed; sent to the other members.
        "presence" Presence {
            room: RoomAddress, user: UserName, user_id: UserId, status: PresenceStatus, timestamp: Timestamp
        };
        /// The answer to `ping`.
        "pong" Pong { timestamp: Timestamp; id: Option<RequestId> };
        /// The event is stored. Sent for each `chat` and each change of a message, including repeated ones.
        /// `message_id` is the message, `seq` the position of the event.
        "ack" Ack {
            message_id: MessageId, room: RoomAddress, seq: Seq, timestamp: Timestamp;
            client_message_id: Option<ClientMessageId>, id: Option<RequestId>
        };
        /// The answer to `join_room`.
        "joined" Joined(Joined);
        /// Further events of a `joined` with `more`.
        "events" Events(Events);
        /// The user joined a room on another connection, or was invited by somebody. A connection that wants to
        /// follow it joins it too.
        "entered" Entered { room: RoomAddress; by: Option<Person> };
        /// The answer to `leave_room`; also sent to the user's other connections, and with `by` when somebody else removed
        /// them.
        "left" Left {
            room: RoomAddress; id: Option<RequestId>, by: Option<Person>, reason: Option<ShortText>
        };
        /// What the user is in a room, and what they may do there, has changed.
        "standing" Standing {
            room: RoomAddress, role: RoomRole, may: Vec<Privilege>; muted: Option<Muted>, reports: Option<u32>
        };
        /// The answer to `list_restrictions`: those in force, the newest first.
        "restrictions" Restrictions {
            room: RoomAddress, restrictions: Vec<Restriction>; id: Option<RequestId>
        };
        /// An administrator tells everybody something.
        "announcement" Announcement { by: Person, content: MessageText, timestamp: Timestamp };
        /// A page of the room list, by name. After the first one, changes follow as `room_changed` and `room_removed`.
        "rooms" Rooms { rooms: Vec<RoomSummary>, more: bool; id: Option<RequestId> };
        /// A room of the list is new or its member count changed; at most once per second and room.
        "room_changed" RoomChanged(RoomSummary);
        /// A room was removed from the list.
        "room_removed" RoomRemoved { room: RoomAddress };
        /// The answer to `history`.
        "history" History(History);
        /// The answer to `get_messages`, `list_pins` and `list_replies`.
        "messages" Messages(Messages);
        /// The answer to `list_versions`.
        "versions" Versions(Versions);
        /// The answer to `list_reactors`.
        "reactors" Reactors(Reactors);
        /// The answer to `search`.
        "search_results" SearchResults(SearchResults);
        /// A page of members in order of `user_id`.
        "members" Members { room: RoomAddress, members: Vec<Member>, more: bool; id: Option<RequestId> };
        /// The counts of a big room, once a second if they changed.
        "member_counts" MemberCounts {
            room: RoomAddress, member_count: u64, online_count: u64, timestamp: Timestamp
        };
        /// The user's read mark and unread count; sent to all their connections when the mark moves.
        "read" Read { room: RoomAddress, seq: Seq, unread: UnreadCount; id: Option<RequestId> };
        /// Acknowledges a request that has no other answer.
        "done" Done { ; id: Option<RequestId> };
        other {
            /// A request failed; the connection stays usable.
            #[serde(rename = "error")]
            Error {
                #[serde(flatten)]
                failure: Failure,
                timestamp: Timestamp,
            },
            /// An event of a room's log, sent to every member. Demo clients receive only messages.
            #[serde(skip)]
            Event(RoomEvent),
            /// A frame newer than this build.
            #[serde(rename = "unknown")]
            Unknown,
        } else read_other
    }
}

impl ServerFrame {
    /// The `type` tags of all frames; docs/protocol.md describes each.
    pub fn types() -> impl Iterator<Item = &'static str> {
        Self::OWN_TYPES.iter().copied().chain(["error"]).chain(RoomEvent::TYPES)
    }
}

impl ServerFrame {
    /// The `id` of the request that it answers.
    pub fn request_id(&self) -> Option<&RequestId> {
        match self {
            Self::Welcome(Welcome { id, .. })
            | Self::Joined(Joined { id, .. })
            | Self::History(History { id, .. })
            | Self::Messages(Messages { id, .. })
            | Self::Versions(Versions { id, .. })
            | Self::Reactors(Reactors { id, .. })
            | Self::SearchResults(SearchResults { id, .. })
            | Self::Renewed { id, .. }
            | Self::Pong { id, .. }
            | Self::Ack { id, .. }
            | Self::Left { id, .. }
            | Self::Rooms { id, .. }
            | Self::Members { id, .. }
            | Self::Read { id, .. }
            | Self::Restrictions { id, .. }
            | Self::Done { id } => id.as_ref(),
            Self::Error { failure, .. } => failure.id.as_ref(),
            Self::UserChanged { .. }
            | Self::Preferences(_)
            | Self::Typing { .. }
            | Self::UserJoined { .. }
            | Self::UserLeft { .. }
            | Self::Presence { .. }
            | Self::Events(_)
            | Self::Entered { .. }
            | Self::Standing { .. }
            | Self::Announcement { .. }
            | Self::RoomChanged(_)
            | Self::RoomRemoved { .. }
            | Self::MemberCounts { .. }
            | Self::Event(_)
            | Self::Unknown => None,
        }
    }
}

fn read_other(tag: &str, fields: &Fields<'_>) -> serde_json::Result<ServerFrame> {
    Ok(match tag {
        "error" => ServerFrame::Error {
            failure: Failure::from_fields(fields)?,
            timestamp: fields.need("timestamp")?,
        },
        tag if RoomEvent::TYPES.contains(&tag) => ServerFrame::Event(RoomEvent::from_fields(fields)?),
        _ => ServerFrame::Unknown,
    })
}

impl Serialize for ServerFrame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Event(event) => event.serialize(serializer),
            other => Self::serialize(other, serializer),
        }
    }
}
