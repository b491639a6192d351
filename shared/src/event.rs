//! What happened in a room, for ever, in the order of `seq`. The frames of live events, the events of a
//! snapshot and those of history are the same JSON.

use std::borrow::Cow;

use serde::Serialize;

use crate::emoji::Emoji;
use crate::fields::{Fields, FromFields, deserialize, from_fields};
use crate::id::{ClientMessageId, MessageId, Seq, UserId};
use crate::text::{MessageText, RoomAddress, UserName};
use crate::time::Timestamp;

/// Somebody wrote a message. Read later, it shows the message as it is now: `changed_seq` says which change is the
/// last that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Posted {
    /// Where.
    pub room: RoomAddress,
    /// The author's name at that time.
    pub sender: UserName,
    /// The author.
    pub sender_id: UserId,
    /// The text; none (on the wire an empty one) when it was deleted.
    #[serde(serialize_with = "empty_if_none")]
    pub content: Option<MessageText>,
    /// When the server stored it.
    pub timestamp: Timestamp,
    /// The place in the room's log.
    pub seq: Seq,
    /// The server's name for the message.
    pub message_id: MessageId,
    /// The author's own name for the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<ClientMessageId>,
    /// The message that this one answers. It may be deleted or out of reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Whom the text calls by `@`.
    #[serde(skip_serializing_if = "Mentions::is_empty")]
    pub mentions: Mentions,
    /// The last change of this message that is shown here; none if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_seq: Option<Seq>,
    /// When its text was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Whether it was deleted. Text, reactions and pin are gone then.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// Whether it is pinned in its room.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Who reacted with what, the first reaction first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

/// One kind of reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// With what.
    pub emoji: Emoji,
    /// How many people.
    pub count: u64,
    /// Who, in the order of reacting. Of more than [`crate::limits::reactors_listed`] only the first are told, and
    /// whoever asks, if they are among them.
    pub users: Vec<Reactor>,
}

/// Somebody who reacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reactor {
    /// Who.
    pub user_id: UserId,
    /// Their name at that time.
    pub user: UserName,
}

/// Whom a message calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mentions {
    /// These people; at most [`crate::limits::MENTIONS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// Everybody in the room (`@room`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub room: bool,
}

impl Mentions {
    /// Whether nobody is called.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && !self.room
    }

    /// Whether `user` is called.
    pub fn call(&self, user: UserId) -> bool {
        self.room || self.users.contains(&user)
    }
}

/// A change of something that is in the log already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Where.
    pub room: RoomAddress,
    /// The place of the change in the room's log.
    pub seq: Seq,
    /// The message that is changed; for [`Change::Trimmed`] the last event that is gone.
    pub target: Seq,
    /// Who did it; none when the server did.
    pub by: Option<Reactor>,
    /// When.
    pub timestamp: Timestamp,
    /// The author's own name for the change.
    pub client_message_id: Option<ClientMessageId>,
    /// What became of it.
    pub change: Change,
}

/// What can happen to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It has another text. None: the message was deleted since, and with it this text.
    Edited {
        /// The new text.
        content: Option<MessageText>,
        /// Whom the new text calls.
        mentions: Mentions,
    },
    /// It is gone.
    Deleted,
    /// Somebody reacted.
    ReactionAdded(Emoji),
    /// Somebody took a reaction back.
    ReactionRemoved(Emoji),
    /// It was pinned.
    Pinned,
    /// It is pinned no longer.
    Unpinned,
    /// Everything up to `target` was removed, because it is older than this server keeps.
    Trimmed,
}

impl Change {
    /// The tag on the wire.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Edited { .. } => "message_edited",
            Self::Deleted => "message_deleted",
            Self::ReactionAdded(_) => "reaction_added",
            Self::ReactionRemoved(_) => "reaction_removed",
            Self::Pinned => "message_pinned",
            Self::Unpinned => "message_unpinned",
            Self::Trimmed => "history_trimmed",
        }
    }
}

/// One entry of a room's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomEvent {
    /// Somebody wrote a message.
    Posted(Posted),
    /// Somebody changed one.
    Changed(Changed),
    /// An event newer than this program: it keeps its place and changes nothing.
    Unknown {
        /// The place in the room's log.
        seq: Seq,
        /// The tag that this program does not know.
        kind: String,
    },
}

impl RoomEvent {
    /// The place in the room's log.
    pub const fn seq(&self) -> Seq {
        match self {
            Self::Posted(posted) => posted.seq,
            Self::Changed(changed) => changed.seq,
            Self::Unknown { seq, .. } => *seq,
        }
    }

    /// Reads one event.
    ///
    /// # Errors
    /// Not JSON, no `type` or `seq`, or a known `type` with a wrong body.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        Self::from_fields(&Fields::of(text)?)
    }

    /// Whether a frame of this tag is an event.
    pub(crate) fn is_event(kind: &str) -> bool {
        matches!(
            kind,
            "message"
                | "message_edited"
                | "message_deleted"
                | "reaction_added"
                | "reaction_removed"
                | "message_pinned"
                | "message_unpinned"
                | "history_trimmed"
        )
    }
}

from_fields! {
    Reaction { emoji: need, count: need, users: need }
    Reactor { user_id: need, user: need }
    Mentions { users: or_default, room: or_default }
}

impl FromFields for Posted {
    fn from_fields(fields: &Fields<'_>) -> serde_json::Result<Self> {
        let content: String = fields.need("content")?;
        let content = (!content.is_empty()).then(|| MessageText::known(&content)).transpose();
        Ok(Self {
            room: fields.need("room")?,
            sender: fields.need("sender")?,
            sender_id: fields.need("sender_id")?,
            content: content.map_err(serde::de::Error::custom)?,
            timestamp: fields.need("timestamp")?,
            seq: fields.need("seq")?,
            message_id: fields.need("message_id")?,
            client_message_id: fields.get("client_message_id")?,
            reply_to: fields.get("reply_to")?,
            mentions: fields.or_default("mentions")?,
            changed_seq: fields.get("changed_seq")?,
            edited_at: fields.get("edited_at")?,
            deleted: fields.or_default("deleted")?,
            pinned: fields.or_default("pinned")?,
            reactions: fields.or_default("reactions")?,
        })
    }
}

impl FromFields for RoomEvent {
    fn from_fields(fields: &Fields<'_>) -> serde_json::Result<Self> {
        let kind: String = fields.need("type")?;
        let seq = fields.need("seq")?;
        let change = match kind.as_str() {
            "message" => return Posted::from_fields(fields).map(Self::Posted),
            "message_edited" => {
                Change::Edited { content: fields.get("content")?, mentions: fields.or_default("mentions")? }
            }
            "message_deleted" => Change::Deleted,
            "reaction_added" => Change::ReactionAdded(fields.need("emoji")?),
            "reaction_removed" => Change::ReactionRemoved(fields.need("emoji")?),
            "message_pinned" => Change::Pinned,
            "message_unpinned" => Change::Unpinned,
            "history_trimmed" => Change::Trimmed,
            _ => return Ok(Self::Unknown { seq, kind }),
        };
        let by = fields.get("user_id")?.zip(fields.get("user")?);
        Ok(Self::Changed(Changed {
            room: fields.need("room")?,
            seq,
            target: fields.need("target")?,
            by: by.map(|(user_id, user)| Reactor { user_id, user }),
            timestamp: fields.need("timestamp")?,
            client_message_id: fields.get("client_message_id")?,
            change,
        }))
    }
}

deserialize!(Posted);
deserialize!(RoomEvent);

/// Every change has this form; fields that do not apply are left out.
#[derive(Serialize)]
struct ChangeBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    room: Cow<'a, RoomAddress>,
    seq: Seq,
    target: Seq,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Cow<'a, UserName>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_message_id: Option<ClientMessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<MessageText>,
    #[serde(skip_serializing_if = "Mentions::is_empty")]
    mentions: Mentions,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<Emoji>,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum PostedBody<'a> {
    #[serde(rename = "message")]
    Posted(&'a Posted),
}

#[derive(Serialize)]
struct UnknownBody<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    seq: Seq,
}

impl Serialize for RoomEvent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Posted(posted) => PostedBody::Posted(posted).serialize(serializer),
            Self::Changed(changed) => {
                let (content, mentions, emoji) = match &changed.change {
                    Change::Edited { content, mentions } => (content.clone(), mentions.clone(), None),
                    Change::ReactionAdded(emoji) | Change::ReactionRemoved(emoji) => {
                        (None, Mentions::default(), Some(emoji.clone()))
                    }
                    Change::Deleted | Change::Pinned | Change::Unpinned | Change::Trimmed => {
                        (None, Mentions::default(), None)
                    }
                };
                let body = ChangeBody {
                    kind: changed.change.kind(),
                    room: Cow::Borrowed(&changed.room),
                    seq: changed.seq,
                    target: changed.target,
                    user: changed.by.as_ref().map(|by| Cow::Borrowed(&by.user)),
                    user_id: changed.by.as_ref().map(|by| by.user_id),
                    timestamp: changed.timestamp,
                    client_message_id: changed.client_message_id,
                    content,
                    mentions,
                    emoji,
                };
                body.serialize(serializer)
            }
            Self::Unknown { seq, kind } => UnknownBody { kind, seq: *seq }.serialize(serializer),
        }
    }
}

/// No text is an empty one on the wire, as the demo's clients expect a text always.
#[allow(clippy::ref_option, reason = "serde asks for it")]
fn empty_if_none<S: serde::Serializer>(
    content: &Option<MessageText>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    content.as_ref().map_or("", MessageText::as_str).serialize(serializer)
}
