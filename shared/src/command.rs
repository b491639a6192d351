//! What a client may ask for, read so strictly that a command that parses is a valid one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::failure::{ErrorCode, Failure};
use crate::frame::PresenceStatus;
use crate::id::{ClientMessageId, Epoch, Position, RequestId, Seq, UserId};
use crate::limits::{HISTORY_EVENTS, MEMBERS_PAGE, ROOMS_PAGE, ROOMS_PER_CONNECTION, WATCHED_MEMBERS};
use crate::text::{MessageText, RoomAddress, RoomName, TextError, UserName};

/// A room to come back to, with the position the client has there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumeRoom {
    /// The room.
    pub room: RoomAddress,
    /// The log that `seq` counts in.
    pub epoch: Epoch,
    /// The last event the client has.
    pub seq: Seq,
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
    /// Asks for the latest events before `before`, or the first ones after `after`; neither: the latest.
    History {
        room: RoomAddress,
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u16>,
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
    /// Says whether somebody is at this connection.
    SetPresence { status: PresenceStatus },
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

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<Cow<'a, str>>,
    #[serde(default)]
    id: Option<RequestId>,
}

#[derive(Deserialize)]
struct AuthBody<'a> {
    #[serde(borrow, default)]
    username: Option<Cow<'a, str>>,
    #[serde(default)]
    protocol: Option<u32>,
    #[serde(default)]
    session: Option<String>,
    #[serde(borrow, default)]
    rooms: Option<Vec<ResumeBody<'a>>>,
}

#[derive(Deserialize)]
struct ResumeBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    epoch: Epoch,
    seq: Seq,
}

#[derive(Deserialize)]
struct ChatBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    #[serde(borrow)]
    content: Cow<'a, str>,
    #[serde(default)]
    client_message_id: Option<ClientMessageId>,
}

#[derive(Deserialize)]
struct RoomBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    #[serde(default)]
    since: Option<Position>,
    #[serde(default)]
    before: Option<Seq>,
    #[serde(default)]
    after: Option<Seq>,
    #[serde(default)]
    limit: Option<u16>,
}

#[derive(Deserialize)]
struct TypingBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    is_typing: bool,
}

#[derive(Deserialize)]
struct MembersBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    #[serde(default)]
    after: Option<UserId>,
    #[serde(default)]
    limit: Option<u16>,
}

#[derive(Deserialize)]
struct WatchBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    user_ids: Vec<UserId>,
}

#[derive(Deserialize)]
struct ReadBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    seq: Seq,
}

#[derive(Deserialize)]
struct ListBody<'a> {
    #[serde(borrow, default)]
    after: Option<Cow<'a, str>>,
    #[serde(default)]
    limit: Option<u16>,
}

// A text and not the enum: serde_json calls any other value there a syntax error.
#[derive(Deserialize)]
struct PresenceBody<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
}

impl Request {
    /// Reads one text frame.
    ///
    /// # Errors
    /// What was wrong, with the request's `id` as far as it could be read.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        // serde would take an array for a struct as well.
        if !text.trim_start().starts_with('{') {
            return Err(Failure::new(ErrorCode::BadJson, "a frame is one JSON object"));
        }
        let head: Head<'_> = decode(text)?;
        let id = head.id;
        let Some(kind) = head.kind else {
            let failure = Failure::new(ErrorCode::MissingField, "the frame has no \"type\"").in_field("type");
            return Err(Failure { id, ..failure });
        };
        match Command::parse(&kind, text) {
            Ok(command) => Ok(Self { id, command }),
            Err(failure) => Err(Failure { id, ..failure }),
        }
    }
}

impl Command {
    fn parse(kind: &str, text: &str) -> Result<Self, Failure> {
        match kind {
            "chat" => {
                let body: ChatBody<'_> = decode(text)?;
                let client_message_id = body.client_message_id;
                let post = || {
                    Ok(Self::Post {
                        room: room(&body.room)?,
                        content: content(&body.content)?,
                        client_message_id,
                    })
                };
                post().map_err(|failure| Failure { client_message_id, ..failure })
            }
            "typing" => {
                let body: TypingBody<'_> = decode(text)?;
                Ok(Self::Typing { room: room(&body.room)?, is_typing: body.is_typing })
            }
            "ping" => Ok(Self::Ping),
            "auth" => auth(decode(text)?).map(Self::Auth),
            "join_room" => {
                let body: RoomBody<'_> = decode(text)?;
                Ok(Self::JoinRoom { room: room(&body.room)?, since: body.since })
            }
            "leave_room" => Ok(Self::LeaveRoom { room: room(&decode::<RoomBody<'_>>(text)?.room)? }),
            "list_rooms" => {
                let body: ListBody<'_> = decode(text)?;
                let after = body.after.map(|name| RoomName::new(&name).map_err(|e| bad_name("after", &e)));
                Ok(Self::ListRooms { after: after.transpose()?, limit: limit(body.limit, ROOMS_PAGE)? })
            }
            "history" => {
                let body: RoomBody<'_> = decode(text)?;
                if body.before.is_some() && body.after.is_some() {
                    let message = "give \"before\" or \"after\", not both";
                    return Err(Failure::new(ErrorCode::InvalidField, message).in_field("after"));
                }
                Ok(Self::History {
                    room: room(&body.room)?,
                    before: body.before,
                    after: body.after,
                    limit: limit(body.limit, usize::from(HISTORY_EVENTS))?,
                })
            }
            "members" => {
                let body: MembersBody<'_> = decode(text)?;
                let limit = limit(body.limit, MEMBERS_PAGE)?;
                Ok(Self::Members { room: room(&body.room)?, after: body.after, limit })
            }
            "watch_members" => {
                let body: WatchBody<'_> = decode(text)?;
                at_most(body.user_ids.len(), WATCHED_MEMBERS, "user_ids")?;
                Ok(Self::WatchMembers { room: room(&body.room)?, user_ids: body.user_ids })
            }
            "mark_read" => {
                let body: ReadBody<'_> = decode(text)?;
                Ok(Self::MarkRead { room: room(&body.room)?, seq: body.seq })
            }
            "set_presence" => match &*decode::<PresenceBody<'_>>(text)?.status {
                "online" => Ok(Self::SetPresence { status: PresenceStatus::Online }),
                "away" => Ok(Self::SetPresence { status: PresenceStatus::Away }),
                _ => {
                    let message = "\"status\" must be \"online\" or \"away\"";
                    Err(Failure::new(ErrorCode::InvalidField, message).in_field("status"))
                }
            },
            other => {
                let shown: String = other.chars().take(40).collect();
                let message = format!("there is no frame type {shown:?}");
                Err(Failure::new(ErrorCode::UnknownType, message).in_field("type"))
            }
        }
    }
}

fn auth(body: AuthBody<'_>) -> Result<Auth, Failure> {
    let username = body.username.map(|name| UserName::new(&name).map_err(|e| bad_name("username", &e)));
    let username = username.transpose()?;
    if username.is_none() && body.session.is_none() {
        let message = "\"auth\" needs a \"username\"";
        return Err(Failure::new(ErrorCode::MissingField, message).in_field("username"));
    }
    let rooms = body.rooms.map(|rooms| {
        at_most(rooms.len(), ROOMS_PER_CONNECTION, "rooms")?;
        let one = |r: &ResumeBody<'_>| Ok(ResumeRoom { room: room(&r.room)?, epoch: r.epoch, seq: r.seq });
        rooms.iter().map(one).collect::<Result<Vec<_>, Failure>>()
    });
    Ok(Auth { username, protocol: body.protocol, session: body.session, rooms: rooms.transpose()? })
}

fn decode<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let code = match error.classify() {
            serde_json::error::Category::Data if message.starts_with("missing field") => {
                ErrorCode::MissingField
            }
            serde_json::error::Category::Data => ErrorCode::InvalidField,
            _ => ErrorCode::BadJson,
        };
        let field = message.split('`').nth(1).filter(|_| code == ErrorCode::MissingField).map(str::to_owned);
        Failure { field: field.map(Into::into), ..Failure::new(code, message) }
    })
}

fn room(raw: &str) -> Result<RoomAddress, Failure> {
    RoomAddress::new(raw).map_err(|error| bad_name("room", &error))
}

fn content(raw: &str) -> Result<MessageText, Failure> {
    MessageText::new(raw).map_err(|error| {
        let code = match error {
            TextError::TooLong { .. } => ErrorCode::ContentTooLong,
            TextError::Empty | TextError::Forbidden(_) | TextError::Tilde => ErrorCode::ContentEmpty,
        };
        Failure::new(code, format!("\"content\" {error}")).in_field("content")
    })
}

fn bad_name(field: &'static str, error: &TextError) -> Failure {
    Failure::new(ErrorCode::InvalidName, format!("\"{field}\" {error}")).in_field(field)
}

fn limit(asked: Option<u16>, most: usize) -> Result<Option<u16>, Failure> {
    match asked {
        Some(0) => {
            Err(Failure::new(ErrorCode::InvalidField, "\"limit\" must be at least 1").in_field("limit"))
        }
        Some(limit) => Ok(Some(limit.min(most as u16))),
        None => Ok(None),
    }
}

fn at_most(count: usize, most: usize, field: &'static str) -> Result<(), Failure> {
    if count <= most {
        return Ok(());
    }
    let message = format!("\"{field}\" has {count} entries, {most} are allowed");
    Err(Failure::new(ErrorCode::InvalidField, message).in_field(field))
}
