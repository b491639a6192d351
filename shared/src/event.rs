//! Durable events of a room, in order of `seq`. Live frames, snapshots and history pages use the same JSON.

use serde::Serialize;

use crate::emoji::Emoji;
use crate::fields::{Fields, FromFields, deserialize, object};
use crate::id::{ClientMessageId, MessageId, Seq, UserId};
use crate::room::{RoomDetails, RoomRole};
use crate::text::{MessageText, RoomAddress, ShortText, UserName};
use crate::time::Timestamp;

object! {
    /// A message. Read later, it has its current state: `changed_seq` is the last change folded into it.
    pub struct Posted {
        pub room: RoomAddress = need,
        /// The author's name when the message was posted.
        pub sender: UserName = need,
        pub sender_id: UserId = need,
        /// `None` (an empty string on the wire) if the message was deleted.
        pub content: Option<MessageText> = or_empty,
        /// When the server stored the message.
        pub timestamp: Timestamp = need,
        /// The position in the room's log.
        pub seq: Seq = need,
        pub message_id: MessageId = need,
        /// Assigned by the author.
        pub client_message_id: Option<ClientMessageId> = get,
        /// The message that this one replies to. It may be deleted or unavailable.
        pub reply_to: Option<Seq> = get,
        /// Who is mentioned by `@` in the text.
        pub mentions: Mentions = or_default,
        /// The last change folded into this message, if any.
        pub changed_seq: Option<Seq> = get,
        /// When the text was last edited.
        pub edited_at: Option<Timestamp> = get,
        /// Whether the message was deleted. Its text, reactions and pin are gone then.
        pub deleted: bool = or_default,
        /// Whether the message is pinned in its room.
        pub pinned: bool = or_default,
        /// Reactions by emoji, in order of the first reaction.
        pub reactions: Vec<Reaction> = or_default,
    }
}

object! {
    /// The reactions to a message with one emoji.
    pub struct Reaction {
        pub emoji: Emoji = need,
        /// The number of users.
        pub count: u64 = need,
        /// Users in order of reacting. At most [`crate::limits::reactors_listed`] are listed, plus the requesting user
        /// if they reacted.
        pub users: Vec<Person> = need,
    }
}

object! {
    /// A user who did something, or to whom something was done.
    pub struct Person {
        pub user_id: UserId = need,
        /// The user's name at that time.
        pub user: UserName = need,
    }
}

object! {
    /// The mentions in a message.
    #[derive(Default)]
    pub struct Mentions {
        /// At most [`crate::limits::MENTIONS`].
        pub users: Vec<UserId> = or_default,
        /// Whether everybody in the room is mentioned (`@room`).
        pub room: bool = or_default,
    }
}

impl Mentions {
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && !self.room
    }

    /// Returns whether `user` is mentioned, by name or by `@room`.
    pub fn call(&self, user: UserId) -> bool {
        self.room || self.users.contains(&user)
    }
}

/// A change of an event that is already in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub room: RoomAddress,
    /// The position of the change in the room's log.
    pub seq: Seq,
    /// The changed message; for [`Change::Trimmed`] the last removed event; for changes of the room itself `seq`.
    pub target: Seq,
    /// `None` if the server made the change.
    pub by: Option<Person>,
    pub timestamp: Timestamp,
    /// Assigned by the author of the change.
    pub client_message_id: Option<ClientMessageId>,
    pub change: Change,
}

/// The kinds of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The text was replaced. `content` is `None` if the message was deleted later, and this text with it.
    Edited {
        content: Option<MessageText>,
        mentions: Mentions,
    },
    Deleted,
    ReactionAdded(Emoji),
    ReactionRemoved(Emoji),
    Pinned,
    Unpinned,
    /// Everything up to `target` was removed because it exceeded the server's retention.
    Trimmed,
    /// Somebody is a member of the room from now on.
    MemberAdded {
        member: Person,
        role: RoomRole,
    },
    /// Somebody is no member any more: they left, or `by` removed them.
    MemberRemoved {
        member: Person,
        reason: Option<ShortText>,
    },
    RoleChanged {
        member: Person,
        role: RoomRole,
    },
    /// The room tells this of itself from now on.
    DetailsChanged(RoomDetails),
}

impl Change {
    /// Whether it changes the message at `target`, and not the room itself.
    pub const fn is_of_message(&self) -> bool {
        match self {
            Self::Edited { .. }
            | Self::Deleted
            | Self::ReactionAdded(_)
            | Self::ReactionRemoved(_)
            | Self::Pinned
            | Self::Unpinned => true,
            Self::Trimmed
            | Self::MemberAdded { .. }
            | Self::MemberRemoved { .. }
            | Self::RoleChanged { .. }
            | Self::DetailsChanged(_) => false,
        }
    }

    /// The `type` tag on the wire.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Edited { .. } => "message_edited",
            Self::Deleted => "message_deleted",
            Self::ReactionAdded(_) => "reaction_added",
            Self::ReactionRemoved(_) => "reaction_removed",
            Self::Pinned => "message_pinned",
            Self::Unpinned => "message_unpinned",
            Self::Trimmed => "history_trimmed",
            Self::MemberAdded { .. } => "member_added",
            Self::MemberRemoved { .. } => "member_removed",
            Self::RoleChanged { .. } => "role_changed",
            Self::DetailsChanged(_) => "room_edited",
        }
    }
}

/// An entry of a room's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomEvent {
    Posted(Posted),
    Changed(Changed),
    /// An event of a kind newer than this build: it occupies its position and changes nothing.
    Unknown {
        seq: Seq,
        /// The `type` tag on the wire.
        kind: String,
    },
}

impl RoomEvent {
    /// The position in the room's log.
    pub const fn seq(&self) -> Seq {
        match self {
            Self::Posted(posted) => posted.seq,
            Self::Changed(changed) => changed.seq,
            Self::Unknown { seq, .. } => *seq,
        }
    }

    /// The room of the log; `None` for an event of an unknown kind.
    pub const fn room(&self) -> Option<&RoomAddress> {
        match self {
            Self::Posted(posted) => Some(&posted.room),
            Self::Changed(changed) => Some(&changed.room),
            Self::Unknown { .. } => None,
        }
    }

    /// Parses one event.
    ///
    /// # Errors
    /// If `text` is not JSON, lacks `type` or `seq`, or has a known `type` with an invalid body.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        Self::from_fields(&Fields::of(text)?)
    }

    /// The `type` tags of all events.
    pub const TYPES: [&'static str; 12] = [
        "message",
        "message_edited",
        "message_deleted",
        "reaction_added",
        "reaction_removed",
        "message_pinned",
        "message_unpinned",
        "history_trimmed",
        "member_added",
        "member_removed",
        "role_changed",
        "room_edited",
    ];
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
            "member_added" => {
                Change::MemberAdded { member: fields.need("member")?, role: fields.or_default("role")? }
            }
            "member_removed" => {
                Change::MemberRemoved { member: fields.need("member")?, reason: fields.get("reason")? }
            }
            "role_changed" => {
                Change::RoleChanged { member: fields.need("member")?, role: fields.or_default("role")? }
            }
            "room_edited" => Change::DetailsChanged(fields.need("details")?),
            _ => return Ok(Self::Unknown { seq, kind }),
        };
        let by = fields.get("user_id")?.zip(fields.get("user")?);
        Ok(Self::Changed(Changed {
            room: fields.need("room")?,
            seq,
            target: fields.need("target")?,
            by: by.map(|(user_id, user)| Person { user_id, user }),
            timestamp: fields.need("timestamp")?,
            client_message_id: fields.get("client_message_id")?,
            change,
        }))
    }
}

deserialize!(RoomEvent);

/// The wire format of all changes; fields that do not apply are omitted.
#[derive(Serialize)]
struct ChangeBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    room: &'a RoomAddress,
    seq: Seq,
    target: Seq,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a UserName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_message_id: Option<ClientMessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a MessageText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<&'a Mentions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<&'a Emoji>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'a Person>,
    #[serde(skip_serializing_if = "crate::fields::is_default")]
    role: RoomRole,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a ShortText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a RoomDetails>,
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
                let mut body = ChangeBody {
                    kind: changed.change.kind(),
                    room: &changed.room,
                    seq: changed.seq,
                    target: changed.target,
                    user: changed.by.as_ref().map(|by| &by.user),
                    user_id: changed.by.as_ref().map(|by| by.user_id),
                    timestamp: changed.timestamp,
                    client_message_id: changed.client_message_id,
                    content: None,
                    mentions: None,
                    emoji: None,
                    member: None,
                    role: RoomRole::Member,
                    reason: None,
                    details: None,
                };
                match &changed.change {
                    Change::Edited { content, mentions } => {
                        body.content = content.as_ref();
                        body.mentions = Some(mentions).filter(|mentions| !mentions.is_empty());
                    }
                    Change::ReactionAdded(emoji) | Change::ReactionRemoved(emoji) => body.emoji = Some(emoji),
                    Change::MemberAdded { member, role } | Change::RoleChanged { member, role } => {
                        (body.member, body.role) = (Some(member), *role);
                    }
                    Change::MemberRemoved { member, reason } => {
                        (body.member, body.reason) = (Some(member), reason.as_ref());
                    }
                    Change::DetailsChanged(details) => body.details = Some(details),
                    Change::Deleted | Change::Pinned | Change::Unpinned | Change::Trimmed => {}
                }
                body.serialize(serializer)
            }
            Self::Unknown { seq, kind } => UnknownBody { kind, seq: *seq }.serialize(serializer),
        }
    }
}

/// Serialises `None` as an empty string, because demo clients always expect a text.
#[allow(clippy::ref_option, reason = "serde asks for it")]
pub(crate) fn empty_if_none<S: serde::Serializer>(
    text: &Option<MessageText>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    text.as_ref().map_or("", MessageText::as_str).serialize(serializer)
}

impl Fields<'_> {
    /// Reads what [`empty_if_none`] wrote.
    fn or_empty(&self, name: &'static str) -> serde_json::Result<Option<MessageText>> {
        let text: String = self.need(name)?;
        let text = (!text.is_empty()).then(|| MessageText::known(&text)).transpose();
        text.map_err(serde::de::Error::custom)
    }
}
