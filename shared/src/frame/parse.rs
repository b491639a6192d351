//! From a frame's text to the frame.

use serde_json::Result;

use super::{
    Events, History, Hit, Joined, Member, Messages, PresenceStatus, ReactorAt, Reactors, RoomSummary,
    SearchResults, ServerFrame, UnreadCount, Version, Versions, Welcome,
};
use crate::event::RoomEvent;
use crate::failure::Failure;
use crate::fields::{Fields, FromFields, deserialize, from_fields};

from_fields! {
    Member { user_id: need, username: need, status: need }
    RoomSummary { room: need, member_count: need }
    UnreadCount { messages: need, mentions: need, counted_seq: need }
    Hit { epoch: need, message: need }
    Version { seq: or_default, content: need, timestamp: need }
    Versions { room: need, target: need, versions: need, more: or_default, id: get }
    ReactorAt { seq: need, user_id: need, user: need }
    Reactors { room: need, target: need, emoji: need, users: need, more: or_default, id: get }
    Welcome {
        client_id: need, username: need, message: need, timestamp: need, protocol: get, session: get,
        resumed: or_default, limits: get, server: get, id: get,
    }
    Joined {
        room: need, epoch: need, seq: need, start: or_default, read_seq: need, unread: or_default,
        snapshot: need, events: need, more: need, member_count: need, members: or_default, id: get,
    }
    Events { room: need, epoch: need, events: need, more: need }
    History {
        room: need, epoch: need, start: or_default, end: or_default, events: need, more: need, id: get,
    }
    Messages { room: need, epoch: need, events: need, more: or_default, id: get }
    SearchResults { hits: need, cursor: get, incomplete: or_default, id: get }
}

impl<'de> serde::Deserialize<'de> for PresenceStatus {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "online" => Self::Online,
            "away" => Self::Away,
            "offline" => Self::Offline,
            _ => Self::Unknown,
        })
    }
}

impl FromFields for ServerFrame {
    fn from_fields(fields: &Fields<'_>) -> Result<Self> {
        let kind: String = fields.need("type")?;
        let (room, user) = (|| fields.need("room"), || fields.need("user"));
        let (user_id, timestamp) = (|| fields.need("user_id"), || fields.need("timestamp"));
        let seq = || fields.need("seq");
        let (member_count, more) = (|| fields.need("member_count"), || fields.need("more"));
        let id = || fields.get("id");
        Ok(match kind.as_str() {
            "welcome" => Self::Welcome(Welcome::from_fields(fields)?),
            "joined" => Self::Joined(Joined::from_fields(fields)?),
            "events" => Self::Events(Events::from_fields(fields)?),
            "history" => Self::History(History::from_fields(fields)?),
            "messages" => Self::Messages(Messages::from_fields(fields)?),
            "search_results" => Self::SearchResults(SearchResults::from_fields(fields)?),
            "error" => Self::Error { failure: Failure::from_fields(fields)?, timestamp: timestamp()? },
            "typing" => Self::Typing {
                room: room()?,
                user: user()?,
                user_id: user_id()?,
                is_typing: fields.need("is_typing")?,
            },
            "user_joined" => Self::UserJoined {
                room: room()?,
                user: user()?,
                user_id: user_id()?,
                timestamp: timestamp()?,
                member_count: fields.get("member_count")?,
            },
            "user_left" => Self::UserLeft {
                room: room()?,
                user: user()?,
                user_id: user_id()?,
                timestamp: timestamp()?,
                member_count: fields.get("member_count")?,
            },
            "presence" => Self::Presence {
                room: room()?,
                user: user()?,
                user_id: user_id()?,
                status: fields.need("status")?,
                timestamp: timestamp()?,
            },
            "pong" => Self::Pong { timestamp: timestamp()?, id: id()? },
            "ack" => Self::Ack {
                message_id: fields.need("message_id")?,
                room: room()?,
                seq: seq()?,
                timestamp: timestamp()?,
                client_message_id: fields.get("client_message_id")?,
                id: id()?,
            },
            "entered" => Self::Entered { room: room()? },
            "left" => Self::Left { room: room()?, id: id()? },
            "rooms" => Self::Rooms { rooms: fields.need("rooms")?, more: more()?, id: id()? },
            "room_changed" => Self::RoomChanged(RoomSummary::from_fields(fields)?),
            "room_removed" => Self::RoomRemoved { room: room()? },
            "versions" => Self::Versions(Versions::from_fields(fields)?),
            "reactors" => Self::Reactors(Reactors::from_fields(fields)?),
            "members" => {
                Self::Members { room: room()?, members: fields.need("members")?, more: more()?, id: id()? }
            }
            "member_counts" => Self::MemberCounts {
                room: room()?,
                member_count: member_count()?,
                online_count: fields.need("online_count")?,
                timestamp: timestamp()?,
            },
            "read" => {
                Self::Read { room: room()?, seq: seq()?, unread: fields.or_default("unread")?, id: id()? }
            }
            "done" => Self::Done { id: id()? },
            kind if RoomEvent::is_event(kind) => Self::Event(RoomEvent::from_fields(fields)?),
            _ => Self::Unknown,
        })
    }
}

deserialize!(ServerFrame);
