//! From the text of a frame to a command, or to a failure that names what was wrong.

use std::fmt::Display;

use serde_json::value::RawValue;

use super::body::Body;
use super::{Action, Auth, ChangeMessage, Command, Request, ResumeRoom};
use crate::emoji::Emoji;
use crate::failure::{ErrorCode, Failure};
use crate::frame::PresenceStatus;
use crate::id::{Position, Seq};
use crate::limits::{
    HISTORY_EVENTS, MEMBERS_PAGE, MESSAGES_ASKED, ROOMS_PAGE, ROOMS_PER_CONNECTION, SEARCH_PAGE,
    WATCHED_MEMBERS,
};
use crate::text::{MessageText, RoomAddress, RoomName, TextError, UserName};

impl Request {
    /// Reads one text frame.
    ///
    /// # Errors
    /// What was wrong, with the names that the client gave to the request, as far as they could be read.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        let kind = body.text("type");
        let named = match &kind {
            Ok(Some(kind)) if is_named(kind) => body.get("client_message_id").ok().flatten(),
            _ => None,
        };
        let tell = |failure: Failure| Failure { client_message_id: named, ..failure };
        let id = body.get("id").map_err(tell)?;
        let kind = kind.and_then(|kind| kind.ok_or_else(|| missing("type", "the frame has no \"type\"")));
        match kind.and_then(|kind| Command::parse(&kind, &body)) {
            Ok(command) => Ok(Self { id, command }),
            Err(failure) => Err(Failure { id, ..tell(failure) }),
        }
    }
}

/// Whether the client gives a name to what it asks for.
fn is_named(kind: &str) -> bool {
    kind == "chat" || CHANGES.contains(&kind)
}

/// The commands that are a [`ChangeMessage`].
const CHANGES: [&str; 6] =
    ["edit_message", "delete_message", "add_reaction", "remove_reaction", "pin_message", "unpin_message"];

impl Command {
    fn parse(kind: &str, body: &Body<'_>) -> Result<Self, Failure> {
        Ok(match kind {
            "chat" => Self::Post {
                room: room(body)?,
                content: content(body)?,
                client_message_id: body.get("client_message_id")?,
                reply_to: body.get("reply_to")?,
            },
            "typing" => Self::Typing { room: room(body)?, is_typing: body.need("is_typing")? },
            "ping" => Self::Ping,
            "auth" => Self::Auth(auth(body)?),
            "join_room" => Self::JoinRoom { room: room(body)?, since: body.get("since")? },
            "leave_room" => Self::LeaveRoom { room: room(body)? },
            "list_rooms" => {
                let after = body.text("after")?;
                let after = after.map(|name| public_room(&name).map_err(|error| bad_name("after", &error)));
                Self::ListRooms { after: after.transpose()?, limit: limit(body, ROOMS_PAGE)? }
            }
            kind if CHANGES.contains(&kind) => Self::Change(change(kind, body)?),
            "get_messages" => {
                let seqs: Vec<Seq> = body.need("seqs")?;
                at_most(seqs.len(), MESSAGES_ASKED, "seqs")?;
                Self::GetMessages { room: room(body)?, seqs }
            }
            "list_pins" => {
                let (after, before) = one_side(body)?;
                Self::ListPins { room: room(body)?, after, before }
            }
            "list_replies" => Self::ListReplies {
                room: room(body)?,
                target: body.need("target")?,
                after: body.get("after")?,
            },
            "list_versions" => {
                let (after, before) = one_side(body)?;
                Self::ListVersions { room: room(body)?, target: body.need("target")?, after, before }
            }
            "list_reactors" => Self::ListReactors {
                room: room(body)?,
                target: body.need("target")?,
                emoji: given_emoji(body)?,
                after: body.get("after")?,
            },
            "search" => Self::Search {
                query: body.need("query")?,
                limit: limit(body, SEARCH_PAGE)?,
                cursor: body.get("cursor")?,
            },
            "history" => {
                let (before, after, around) = (body.get("before")?, body.get("after")?, body.get("around")?);
                if [before, after, around].iter().flatten().count() > 1 {
                    return Err(invalid("after", "give one of \"before\", \"after\" and \"around\""));
                }
                let limit = limit(body, usize::from(HISTORY_EVENTS))?;
                Self::History { room: room(body)?, before, after, around, limit }
            }
            "members" => Self::Members {
                room: room(body)?,
                after: body.get("after")?,
                limit: limit(body, MEMBERS_PAGE)?,
            },
            "watch_members" => {
                let ids: Vec<&RawValue> = body.need("user_ids")?;
                at_most(ids.len(), WATCHED_MEMBERS, "user_ids")?;
                Self::WatchMembers { room: room(body)?, user_ids: body.need("user_ids")? }
            }
            "mark_read" => Self::MarkRead { room: room(body)?, seq: body.need("seq")? },
            "mark_unread" => Self::MarkUnread { room: room(body)?, seq: body.need("seq")? },
            "count_unread" => Self::CountUnread { room: room(body)? },
            "set_presence" => match &*body.need_text("status")? {
                "online" => Self::SetPresence { status: PresenceStatus::Online },
                "away" => Self::SetPresence { status: PresenceStatus::Away },
                _ => return Err(invalid("status", "\"status\" must be \"online\" or \"away\"")),
            },
            other => {
                let shown: String = other.chars().take(40).collect();
                let message = format!("there is no frame type {shown:?}");
                return Err(Failure::new(ErrorCode::UnknownType, message).in_field("type"));
            }
        })
    }
}

fn change(kind: &str, body: &Body<'_>) -> Result<ChangeMessage, Failure> {
    let action = match kind {
        "edit_message" => Action::EditMessage { content: content(body)? },
        "delete_message" => Action::DeleteMessage,
        "add_reaction" => Action::AddReaction { emoji: emoji(body)? },
        "remove_reaction" => Action::RemoveReaction { emoji: given_emoji(body)? },
        "pin_message" => Action::PinMessage,
        _ => Action::UnpinMessage,
    };
    Ok(ChangeMessage {
        action,
        room: room(body)?,
        target: body.need("target")?,
        epoch: body.get("epoch")?,
        client_message_id: body.get("client_message_id")?,
    })
}

fn auth(body: &Body<'_>) -> Result<Auth, Failure> {
    let username = body.text("username")?;
    let username = username.map(|name| UserName::new(&name).map_err(|error| bad_name("username", &error)));
    let session = body.get("session")?;
    // Who comes back keeps a name that nobody may take any more.
    let username = if session.is_some() { username.and_then(Result::ok) } else { username.transpose()? };
    if username.is_none() && session.is_none() {
        return Err(missing("username", "\"auth\" needs a \"username\""));
    }
    let rooms = body.get::<Vec<&RawValue>>("rooms")?.map(|rooms| {
        at_most(rooms.len(), ROOMS_PER_CONNECTION, "rooms")?;
        rooms.into_iter().map(resume_room).collect::<Result<Vec<_>, _>>()
    });
    Ok(Auth { username, protocol: body.get("protocol")?, session, rooms: rooms.transpose()? })
}

/// One of the rooms to come back to. Without a whole position it is joined anew.
fn resume_room(one: &RawValue) -> Result<ResumeRoom, Failure> {
    let wrong = |error: Failure| match error.code {
        ErrorCode::InvalidName => error.in_field("rooms"),
        _ => invalid("rooms", format!("\"rooms\": {}", error.message)),
    };
    let body = Body::of(one.get()).map_err(wrong)?;
    let position = || Ok((body.get("epoch")?, body.get("seq")?));
    let (epoch, seq) = position().map_err(wrong)?;
    let since = epoch.zip(seq).map(|(epoch, seq)| Position { epoch, seq });
    Ok(ResumeRoom { room: room(&body).map_err(wrong)?, since })
}

fn room(body: &Body<'_>) -> Result<RoomAddress, Failure> {
    RoomAddress::new(&body.need_text("room")?).map_err(|error| bad_name("room", &error))
}

/// Of a room that there is or was.
fn public_room(raw: &str) -> Result<RoomName, TextError> {
    RoomAddress::new(raw)?.public().ok_or(TextError::Tilde)
}

fn content(body: &Body<'_>) -> Result<MessageText, Failure> {
    MessageText::new(&body.need_text("content")?).map_err(|error| {
        let code = match error {
            TextError::TooLong { .. } => ErrorCode::ContentTooLong,
            TextError::Empty | TextError::Forbidden(_) | TextError::Tilde | TextError::Dots => {
                ErrorCode::ContentEmpty
            }
        };
        Failure::new(code, format!("\"content\" {error}")).in_field("content")
    })
}

fn emoji(body: &Body<'_>) -> Result<Emoji, Failure> {
    Emoji::new(&body.need_text("emoji")?).map_err(|error| bad_emoji(&error))
}

/// What was given in earlier times can be taken back.
fn given_emoji(body: &Body<'_>) -> Result<Emoji, Failure> {
    Emoji::given(&body.need_text("emoji")?).map_err(|error| bad_emoji(&error))
}

fn bad_emoji(error: &impl Display) -> Failure {
    invalid("emoji", format!("\"emoji\" {error}"))
}

/// A list is asked for from one side.
fn one_side(body: &Body<'_>) -> Result<(Option<Seq>, Option<Seq>), Failure> {
    match (body.get("after")?, body.get("before")?) {
        (Some(_), Some(_)) => Err(invalid("after", "give one of \"before\" and \"after\"")),
        side => Ok(side),
    }
}

fn limit(body: &Body<'_>, most: usize) -> Result<Option<u16>, Failure> {
    match body.get::<u16>("limit")? {
        Some(0) => Err(invalid("limit", "\"limit\" must be at least 1")),
        limit => Ok(limit.map(|limit| limit.min(most as u16))),
    }
}

fn at_most(count: usize, most: usize, field: &'static str) -> Result<(), Failure> {
    if count <= most {
        return Ok(());
    }
    Err(invalid(field, format!("\"{field}\" has {count} entries, {most} are allowed")))
}

fn bad_name(field: &'static str, error: &impl Display) -> Failure {
    Failure::new(ErrorCode::InvalidName, format!("\"{field}\" {error}")).in_field(field)
}

fn invalid(field: &'static str, message: impl Into<String>) -> Failure {
    Failure::new(ErrorCode::InvalidField, message).in_field(field)
}

fn missing(field: &'static str, message: &str) -> Failure {
    Failure::new(ErrorCode::MissingField, message).in_field(field)
}
