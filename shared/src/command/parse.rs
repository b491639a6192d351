//! From the text of a frame to a command, or to a failure that names what was wrong.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Action, Auth, ChangeMessage, Command, Request, ResumeRoom};
use crate::emoji::Emoji;
use crate::failure::{ErrorCode, Failure};
use crate::frame::PresenceStatus;
use crate::id::{ClientMessageId, Epoch, Position, RequestId, Seq, UserId};
use crate::limits::{
    HISTORY_EVENTS, MEMBERS_PAGE, MESSAGES_ASKED, ROOMS_PAGE, ROOMS_PER_CONNECTION, SEARCH_PAGE,
    WATCHED_MEMBERS,
};
use crate::text::{MessageText, RoomAddress, RoomName, TextError, UserName};

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
    #[serde(default)]
    reply_to: Option<Seq>,
}

#[derive(Deserialize)]
struct ChangeBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    target: Seq,
    #[serde(default)]
    epoch: Option<Epoch>,
    #[serde(borrow, default)]
    content: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    emoji: Option<Cow<'a, str>>,
    #[serde(default)]
    client_message_id: Option<ClientMessageId>,
}

#[derive(Deserialize)]
struct SeqsBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    seqs: Vec<Seq>,
}

#[derive(Deserialize)]
struct TargetBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    target: Seq,
    #[serde(default)]
    after: Option<Seq>,
    #[serde(default)]
    before: Option<Seq>,
}

#[derive(Deserialize)]
struct ListingBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    #[serde(default)]
    after: Option<Seq>,
    #[serde(default)]
    before: Option<Seq>,
}

#[derive(Deserialize)]
struct ReactorsBody<'a> {
    #[serde(borrow)]
    room: Cow<'a, str>,
    target: Seq,
    #[serde(borrow)]
    emoji: Cow<'a, str>,
    #[serde(default)]
    after: Option<Seq>,
}

#[derive(Deserialize)]
struct SearchBody {
    query: String,
    #[serde(default)]
    limit: Option<u16>,
    #[serde(default)]
    cursor: Option<u64>,
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
    around: Option<Seq>,
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
                        reply_to: body.reply_to,
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
            "edit_message" | "delete_message" | "add_reaction" | "remove_reaction" | "pin_message"
            | "unpin_message" => change(kind, &decode(text)?).map(Self::Change),
            "get_messages" => {
                let body: SeqsBody<'_> = decode(text)?;
                at_most(body.seqs.len(), MESSAGES_ASKED, "seqs")?;
                Ok(Self::GetMessages { room: room(&body.room)?, seqs: body.seqs })
            }
            "list_pins" => {
                let body: ListingBody<'_> = decode(text)?;
                let (after, before) = one_side(body.after, body.before)?;
                Ok(Self::ListPins { room: room(&body.room)?, after, before })
            }
            "list_replies" => {
                let body: TargetBody<'_> = decode(text)?;
                Ok(Self::ListReplies { room: room(&body.room)?, target: body.target, after: body.after })
            }
            "list_versions" => {
                let body: TargetBody<'_> = decode(text)?;
                let (after, before) = one_side(body.after, body.before)?;
                Ok(Self::ListVersions { room: room(&body.room)?, target: body.target, after, before })
            }
            "list_reactors" => {
                let body: ReactorsBody<'_> = decode(text)?;
                Ok(Self::ListReactors {
                    room: room(&body.room)?,
                    target: body.target,
                    emoji: emoji(&body.emoji)?,
                    after: body.after,
                })
            }
            "search" => {
                let body: SearchBody = decode(text)?;
                let limit = limit(body.limit, SEARCH_PAGE)?;
                Ok(Self::Search { query: body.query, limit, cursor: body.cursor })
            }
            "history" => {
                let body: RoomBody<'_> = decode(text)?;
                let directions = [body.before, body.after, body.around];
                if directions.iter().flatten().count() > 1 {
                    let message = "give one of \"before\", \"after\" and \"around\"";
                    return Err(Failure::new(ErrorCode::InvalidField, message).in_field("after"));
                }
                Ok(Self::History {
                    room: room(&body.room)?,
                    before: body.before,
                    after: body.after,
                    around: body.around,
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
            "mark_unread" => {
                let body: ReadBody<'_> = decode(text)?;
                Ok(Self::MarkUnread { room: room(&body.room)?, seq: body.seq })
            }
            "count_unread" => Ok(Self::CountUnread { room: room(&decode::<RoomBody<'_>>(text)?.room)? }),
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

fn change(kind: &str, body: &ChangeBody<'_>) -> Result<ChangeMessage, Failure> {
    let client_message_id = body.client_message_id;
    let missing = |field: &'static str| {
        Failure::new(ErrorCode::MissingField, format!("{kind:?} needs {field:?}")).in_field(field)
    };
    let emoji = || emoji(body.emoji.as_deref().ok_or_else(|| missing("emoji"))?);
    let action = || {
        Ok(match kind {
            "edit_message" => Action::EditMessage {
                content: content(body.content.as_deref().ok_or_else(|| missing("content"))?)?,
            },
            "delete_message" => Action::DeleteMessage,
            "add_reaction" => Action::AddReaction { emoji: emoji()? },
            "remove_reaction" => Action::RemoveReaction { emoji: emoji()? },
            "pin_message" => Action::PinMessage,
            _ => Action::UnpinMessage,
        })
    };
    let make = || {
        let (action, room) = (action()?, room(&body.room)?);
        Ok(ChangeMessage { action, room, target: body.target, epoch: body.epoch, client_message_id })
    };
    make().map_err(|failure| Failure { client_message_id, ..failure })
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

fn emoji(raw: &str) -> Result<Emoji, Failure> {
    Emoji::new(raw).map_err(|error| {
        Failure::new(ErrorCode::InvalidField, format!("\"emoji\" {error}")).in_field("emoji")
    })
}

/// A list is asked for from one side.
fn one_side(after: Option<Seq>, before: Option<Seq>) -> Result<(Option<Seq>, Option<Seq>), Failure> {
    if after.is_some() && before.is_some() {
        let message = "give one of \"before\" and \"after\"";
        return Err(Failure::new(ErrorCode::InvalidField, message).in_field("after"));
    }
    Ok((after, before))
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
