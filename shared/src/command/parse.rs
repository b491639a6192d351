//! Parses the text of a frame into a command, or into a failure that says what is invalid.

use std::fmt::Display;

use serde_json::value::RawValue;

use super::{Action, Auth, ChangeMessage, Command, NewRoom, Request, ResumeRoom, Whom, moderation};
use crate::body::Body;
use crate::emoji::Emoji;
use crate::failure::{ErrorCode, Failure};
use crate::id::{Position, Seq, UserId};
use crate::limits::{
    DESCRIPTION_CHARS, DIRECT_PEOPLE, HISTORY_EVENTS, INVITED_AT_ONCE, MEMBERS_PAGE, MESSAGES_ASKED,
    REASON_CHARS, ROOM_TITLE_CHARS, ROOMS_PAGE, ROOMS_PER_CONNECTION, SEARCH_PAGE, TOPIC_CHARS,
    WATCHED_MEMBERS,
};
use crate::presence::PresenceStatus;
use crate::room::{DetailsChange, RoomDetails, RoomKind, RoomRole};
use crate::text::{MessageText, RoomAddress, RoomName, ShortText, TextError, UserName};

impl Request {
    /// Parses one text frame.
    ///
    /// # Errors
    /// If the frame is invalid. The failure carries the request's `id` and `client_message_id` as far as they could be
    /// read.
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

/// Returns whether requests of this type have a `client_message_id`.
fn is_named(kind: &str) -> bool {
    matches!(kind, "chat" | "create_room") || CHANGES.contains(&kind)
}

/// The commands that are a [`ChangeMessage`].
const CHANGES: [&str; 6] =
    ["edit_message", "delete_message", "add_reaction", "remove_reaction", "pin_message", "unpin_message"];

impl Command {
    /// The `type` tags of all commands. The parser accepts no others, and docs/protocol.md describes each.
    pub const TYPES: [&'static str; 35] = [
        "auth",
        "chat",
        "typing",
        "ping",
        "join_room",
        "leave_room",
        "create_room",
        "invite",
        "remove_member",
        "set_room_role",
        "restrict",
        "lift_restriction",
        "list_restrictions",
        "announce",
        "edit_room",
        "list_rooms",
        "history",
        "get_messages",
        "list_pins",
        "list_replies",
        "list_versions",
        "list_reactors",
        "search",
        "members",
        "watch_members",
        "mark_read",
        "mark_unread",
        "count_unread",
        "set_presence",
        "edit_message",
        "delete_message",
        "add_reaction",
        "remove_reaction",
        "pin_message",
        "unpin_message",
    ];

    fn parse(kind: &str, body: &Body<'_>) -> Result<Self, Failure> {
        Ok(match kind {
            other if !Self::TYPES.contains(&other) => return Err(unknown_type(other)),
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
            "create_room" => Self::CreateRoom(new_room(body)?),
            "invite" => Self::Invite { room: room(body)?, whom: whom(body)? },
            "remove_member" => Self::RemoveMember {
                room: room(body)?,
                user_id: body.need("user_id")?,
                reason: line(body, "reason", REASON_CHARS)?.flatten(),
            },
            "set_room_role" => {
                let role = match &*body.need_text("role")? {
                    "member" => RoomRole::Member,
                    "moderator" => RoomRole::Moderator,
                    _ => return Err(invalid("role", "\"role\" must be \"member\" or \"moderator\"")),
                };
                Self::SetRoomRole { room: room(body)?, user_id: body.need("user_id")?, role }
            }
            kind if moderation::KINDS.contains(&kind) => moderation::parse(kind, body)?,
            "edit_room" => Self::EditRoom { room: room(body)?, change: moderation::change(body)? },
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
            other => return Err(unknown_type(other)),
        })
    }
}

fn unknown_type(kind: &str) -> Failure {
    let shown: String = kind.chars().take(40).collect();
    Failure::new(ErrorCode::UnknownType, format!("there is no frame type {shown:?}")).in_field("type")
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

fn new_room(body: &Body<'_>) -> Result<NewRoom, Failure> {
    let kind = match &*body.need_text("kind")? {
        "private" => RoomKind::Private,
        "direct" => RoomKind::Direct,
        _ => {
            let message =
                "\"kind\" must be \"private\" or \"direct\": public rooms are created by joining them";
            return Err(invalid("kind", message));
        }
    };
    let is_direct = kind == RoomKind::Direct;
    let details = details(body)?.apply(&RoomDetails::default());
    match details.title {
        None if !is_direct => return Err(missing("title", "a private room needs a \"title\"")),
        _ if is_direct && details != RoomDetails::default() => {
            return Err(invalid("title", "a direct conversation tells nothing of itself"));
        }
        _ => {}
    }
    let user_ids: Option<Vec<&RawValue>> = body.get("user_ids")?;
    let most = if is_direct { DIRECT_PEOPLE } else { INVITED_AT_ONCE };
    at_most(user_ids.map_or(0, |ids| ids.len()), most, "user_ids")?;
    let user_ids: Vec<UserId> = body.get("user_ids")?.unwrap_or_default();
    let names: Vec<String> = if is_direct { body.get("usernames")?.unwrap_or_default() } else { Vec::new() };
    at_most(names.len(), DIRECT_PEOPLE, "usernames")?;
    let names = names.iter().map(|name| UserName::new(name).map_err(|error| bad_name("usernames", &error)));
    let usernames = names.collect::<Result<Vec<_>, _>>()?;
    if is_direct && user_ids.is_empty() && usernames.is_empty() {
        return Err(missing("user_ids", "a direct conversation needs \"user_ids\" or \"usernames\""));
    }
    let client_message_id = body.get("client_message_id")?;
    Ok(NewRoom { kind, details, user_ids, usernames, client_message_id })
}

pub(super) fn details(body: &Body<'_>) -> Result<DetailsChange, Failure> {
    Ok(DetailsChange {
        title: line(body, "title", ROOM_TITLE_CHARS)?,
        topic: line(body, "topic", TOPIC_CHARS)?,
        description: line(body, "description", DESCRIPTION_CHARS)?,
        ..DetailsChange::default()
    })
}

/// An empty text counts as none: that is what an emptied field of a form sends.
#[allow(clippy::option_option, reason = "a field is missing, empty or filled")]
pub(super) fn line(
    body: &Body<'_>,
    field: &'static str,
    limit: usize,
) -> Result<Option<Option<ShortText>>, Failure> {
    let Some(text) = body.text(field)? else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(Some(None));
    }
    let text = ShortText::within(&text, limit);
    text.map(|text| Some(Some(text))).map_err(|error| invalid(field, format!("\"{field}\" {error}")))
}

pub(super) fn whom(body: &Body<'_>) -> Result<Whom, Failure> {
    match (body.get("user_id")?, body.text("username")?) {
        (Some(id), None) => Ok(Whom::Id(id)),
        (None, Some(name)) => {
            let name = UserName::new(&name).map_err(|error| bad_name("username", &error))?;
            Ok(Whom::Name(name))
        }
        _ => Err(missing("username", "give one of \"username\" and \"user_id\"")),
    }
}

fn auth(body: &Body<'_>) -> Result<Auth, Failure> {
    let username = body.text("username")?;
    let username = username.map(|name| UserName::new(&name).map_err(|error| bad_name("username", &error)));
    let (session, token) = (body.get::<String>("session")?, body.get::<String>("token")?);
    let returns = session.is_some() || token.is_some();
    // A resumed session keeps its name, even if it is not allowed any more.
    let username = if returns { username.and_then(Result::ok) } else { username.transpose()? };
    if username.is_none() && !returns {
        return Err(missing("username", "\"auth\" needs a \"username\""));
    }
    let rooms = body.get::<Vec<&RawValue>>("rooms")?.map(|rooms| {
        at_most(rooms.len(), ROOMS_PER_CONNECTION, "rooms")?;
        rooms.into_iter().map(resume_room).collect::<Result<Vec<_>, _>>()
    });
    Ok(Auth { username, protocol: body.get("protocol")?, session, token, rooms: rooms.transpose()? })
}

/// Parses one of the rooms to resume. Without a complete position the room is joined anew.
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

pub(super) fn room(body: &Body<'_>) -> Result<RoomAddress, Failure> {
    RoomAddress::new(&body.need_text("room")?).map_err(|error| bad_name("room", &error))
}

/// Parses the name of a room that exists or existed, possibly under older rules.
fn public_room(raw: &str) -> Result<RoomName, TextError> {
    RoomAddress::new(raw)?.public().ok_or(TextError::Tilde)
}

pub(super) fn content(body: &Body<'_>) -> Result<MessageText, Failure> {
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

/// Accepts reactions that older rules allowed, so that they can be listed and removed.
fn given_emoji(body: &Body<'_>) -> Result<Emoji, Failure> {
    Emoji::given(&body.need_text("emoji")?).map_err(|error| bad_emoji(&error))
}

fn bad_emoji(error: &impl Display) -> Failure {
    invalid("emoji", format!("\"emoji\" {error}"))
}

/// Lists are requested from one side only: `after` or `before`.
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

pub(super) fn invalid(field: &'static str, message: impl Into<String>) -> Failure {
    Failure::new(ErrorCode::InvalidField, message).in_field(field)
}

fn missing(field: &'static str, message: &str) -> Failure {
    Failure::new(ErrorCode::MissingField, message).in_field(field)
}
