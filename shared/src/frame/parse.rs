//! From a frame's text to the frame. The browser downloads this code: one form that holds the fields of all small
//! frames is a fraction of what deriving it for the enum makes.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Error, Result, from_str};

use super::{Member, PresenceStatus, RoomSummary, ServerFrame, UnreadCount, Version};
use crate::event::RoomEvent;
use crate::id::{ClientMessageId, MessageId, RequestId, Seq, UserId};
use crate::text::{RoomAddress, UserName};
use crate::time::Timestamp;

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
}

/// Every field of the small frames.
#[derive(Deserialize)]
struct Fields {
    room: Option<RoomAddress>,
    user: Option<UserName>,
    user_id: Option<UserId>,
    timestamp: Option<Timestamp>,
    is_typing: Option<bool>,
    status: Option<PresenceStatus>,
    member_count: Option<u64>,
    online_count: Option<u64>,
    message_id: Option<MessageId>,
    client_message_id: Option<ClientMessageId>,
    seq: Option<Seq>,
    target: Option<Seq>,
    rooms: Option<Vec<RoomSummary>>,
    members: Option<Vec<Member>>,
    versions: Option<Vec<Version>>,
    unread: Option<UnreadCount>,
    more: Option<bool>,
    id: Option<RequestId>,
}

fn need<T>(field: Option<T>, name: &'static str) -> Result<T> {
    field.ok_or_else(|| Error::missing_field(name))
}

fn small(kind: &str, text: &str) -> Result<ServerFrame> {
    let fields: Fields = from_str(text)?;
    let (room, user, user_id) = (fields.room, fields.user, fields.user_id);
    let (timestamp, id) = (fields.timestamp, fields.id);
    let room = || need(room, "room");
    let user = || need(user, "user");
    let user_id = || need(user_id, "user_id");
    let timestamp = || need(timestamp, "timestamp");
    Ok(match kind {
        "typing" => ServerFrame::Typing {
            room: room()?,
            user: user()?,
            user_id: user_id()?,
            is_typing: need(fields.is_typing, "is_typing")?,
        },
        "user_joined" => ServerFrame::UserJoined {
            room: room()?,
            user: user()?,
            user_id: user_id()?,
            timestamp: timestamp()?,
            member_count: fields.member_count,
        },
        "user_left" => ServerFrame::UserLeft {
            room: room()?,
            user: user()?,
            user_id: user_id()?,
            timestamp: timestamp()?,
            member_count: fields.member_count,
        },
        "presence" => ServerFrame::Presence {
            room: room()?,
            user: user()?,
            user_id: user_id()?,
            status: need(fields.status, "status")?,
            timestamp: timestamp()?,
        },
        "pong" => ServerFrame::Pong { timestamp: timestamp()?, id },
        "ack" => ServerFrame::Ack {
            message_id: need(fields.message_id, "message_id")?,
            room: room()?,
            seq: need(fields.seq, "seq")?,
            timestamp: timestamp()?,
            client_message_id: fields.client_message_id,
            id,
        },
        "entered" => ServerFrame::Entered { room: room()? },
        "left" => ServerFrame::Left { room: room()?, id },
        "rooms" => {
            ServerFrame::Rooms { rooms: need(fields.rooms, "rooms")?, more: need(fields.more, "more")?, id }
        }
        "room_changed" => ServerFrame::RoomChanged(RoomSummary {
            room: room()?,
            member_count: need(fields.member_count, "member_count")?,
        }),
        "room_removed" => ServerFrame::RoomRemoved { room: room()? },
        "versions" => ServerFrame::Versions {
            room: room()?,
            target: need(fields.target, "target")?,
            versions: need(fields.versions, "versions")?,
            id,
        },
        "members" => ServerFrame::Members {
            room: room()?,
            members: need(fields.members, "members")?,
            more: need(fields.more, "more")?,
            id,
        },
        "member_counts" => ServerFrame::MemberCounts {
            room: room()?,
            member_count: need(fields.member_count, "member_count")?,
            online_count: need(fields.online_count, "online_count")?,
            timestamp: timestamp()?,
        },
        "read" => ServerFrame::Read {
            room: room()?,
            seq: need(fields.seq, "seq")?,
            unread: fields.unread.unwrap_or_default(),
            id,
        },
        _ => ServerFrame::Done { id },
    })
}

/// The tags of the small frames.
const SMALL: [&str; 16] = [
    "typing",
    "user_joined",
    "user_left",
    "presence",
    "pong",
    "ack",
    "entered",
    "left",
    "rooms",
    "room_changed",
    "room_removed",
    "versions",
    "members",
    "member_counts",
    "read",
    "done",
];

fn parse(text: &str) -> Result<ServerFrame> {
    let head: Head<'_> = from_str(text)?;
    match &*head.kind {
        "welcome" => from_str(text).map(ServerFrame::Welcome),
        "joined" => from_str(text).map(ServerFrame::Joined),
        "events" => from_str(text).map(ServerFrame::Events),
        "history" => from_str(text).map(ServerFrame::History),
        "messages" => from_str(text).map(ServerFrame::Messages),
        "search_results" => from_str(text).map(ServerFrame::SearchResults),
        "error" => {
            let fields: Fields = from_str(text)?;
            let timestamp = need(fields.timestamp, "timestamp")?;
            Ok(ServerFrame::Error { failure: from_str(text)?, timestamp })
        }
        kind if SMALL.contains(&kind) => small(kind, text),
        kind if RoomEvent::is_event(kind) => RoomEvent::parse(text).map(ServerFrame::Event),
        _ => Ok(ServerFrame::Unknown),
    }
}

impl<'de> Deserialize<'de> for ServerFrame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        // The tag decides the form of the rest, and may come last.
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        parse(raw.get()).map_err(D::Error::custom)
    }
}
