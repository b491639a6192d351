//! Writes to the store, and their outcomes.

use std::sync::Arc;

use shared::{
    Action, Changed, ClientMessageId, DetailsChange, Epoch, ErrorCode, Mentions, MessageId, MessageText,
    Person, Posted, RestrictionKind, RoomAddress, RoomDetails, RoomKind, RoomName, RoomRole, Seq, ShortText,
    Timestamp, UserId, UserName,
};

use super::{
    Act, At, NewReport, NewServerBan, OpenReports, ResolvedReport, RoomLink, RoomLinkUse, SecretHash, Session,
};
use uuid::Uuid;

use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;

/// The author of a write, and the client's id for it.
#[derive(Debug, Clone)]
pub struct Author {
    pub id: UserId,
    pub name: UserName,
    /// Chosen by the client for idempotent retries: unique per author over messages and changes, as long as those are
    /// kept.
    pub client_message_id: Option<ClientMessageId>,
}

/// A message to append to a room's log.
#[derive(Debug, Clone)]
pub struct NewPost {
    pub room: Arc<RoomInfo>,
    pub author: Author,
    /// The id of the message, if it is new.
    pub message_id: MessageId,
    pub content: MessageText,
    /// The message that this is a reply to.
    pub reply_to: Option<Seq>,
    /// Whom it mentions.
    pub mentions: Mentions,
    /// When the server received it.
    pub timestamp: Timestamp,
}

/// A change of a message to append to a room's log.
#[derive(Debug, Clone)]
pub struct NewChange {
    pub room: Arc<RoomInfo>,
    pub author: Author,
    /// The message to change.
    pub target: Seq,
    pub action: Action,
    /// Whom an edited text mentions.
    pub mentions: Mentions,
    /// Whether the author keeps order in the room, and may delete what others wrote.
    pub moderates: bool,
    /// When the server received it.
    pub timestamp: Timestamp,
}

/// A private room to create, or a direct conversation to open. Its author is its first member, and a moderator of a room.
#[derive(Debug, Clone)]
pub struct NewPrivateRoom {
    pub kind: RoomKind,
    /// Whether to create it if it does not exist; otherwise that is refused.
    pub make: bool,
    pub address: RoomAddress,
    pub epoch: Epoch,
    pub details: RoomDetails,
    pub author: Author,
    /// Who else is a member from the beginning.
    pub members: Vec<Person>,
    /// When the server received it.
    pub timestamp: Timestamp,
}

/// A change of somebody's membership of a private room, or of what they are in a room.
#[derive(Debug, Clone)]
pub struct NewMembership {
    pub room: Arc<RoomInfo>,
    pub by: Person,
    pub member: Person,
    pub change: MembershipChange,
    /// When the server received it.
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembershipChange {
    Added,
    Removed { reason: Option<ShortText> },
    Role(RoomRole),
}

/// A ban or mute that begins or ends.
#[derive(Debug, Clone)]
pub struct NewRestriction {
    pub room: Arc<RoomInfo>,
    pub by: Person,
    pub member: Person,
    pub kind: RestrictionKind,
    pub change: RestrictionChange,
    /// Whether a ban ends a membership. That of a public room need not be stored.
    pub is_member: bool,
    /// When the server received it.
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestrictionChange {
    Set {
        /// How long it lasts; `None`: until it is lifted.
        seconds: Option<u32>,
        reason: Option<ShortText>,
        /// Whether the person is merely removed from a public room, into which they may come back then.
        is_removal: bool,
    },
    Lifted,
}

/// New details of a room.
#[derive(Debug, Clone)]
pub struct NewDetails {
    pub room: Arc<RoomInfo>,
    pub by: Person,
    pub change: DetailsChange,
    /// When the server received it.
    pub timestamp: Timestamp,
}

/// A write to make durable.
#[derive(Debug, Clone)]
pub enum Write {
    /// Refused with `not_a_member` if the room is private and the author is none of its members; so is a change.
    Post(NewPost),
    Change(NewChange),
    /// Creates a private room, or returns the one that the same request created; or returns the direct conversation of
    /// these people, whoever opened it first.
    CreateRoom(NewPrivateRoom),
    /// Appends an event to the room's log, unless the membership is as requested. Refused with `not_a_member` if `by` is
    /// none, and with `no_such_user` if the member is forgotten, or none where only the role changes. When the last
    /// moderator of a private room goes, the oldest account that is left becomes one, by a second event.
    Membership(NewMembership),
    /// Begins or ends a restriction; a ban of a member appends the event of the removal. Refused with `too_many` if the
    /// room has the maximum number.
    Restriction(NewRestriction),
    /// Appends an event to the room's log, unless the details are as requested.
    Details(NewDetails),
    /// Begins a ban from the server. Refused with `too_many` if there is the maximum number.
    Ban(NewServerBan),
    /// Ends a ban from the server. Refused with `not_found` if there is none of this id.
    LiftBan {
        id: u64,
        by: Person,
        timestamp: Timestamp,
    },
    /// Reports a message with what it says now. Done if the same user has an open report of it. Refused with
    /// `not_a_member` or `no_such_message`, with `forbidden` if it is the user's own, and with `too_many` if the room or
    /// the user has the maximum number of open ones.
    Report(NewReport),
    /// Settles a report, unless it is settled. Refused with `not_found`, or with `forbidden` if it is about the user.
    ResolveReport(ResolvedReport),
    /// Drops what old reports tell.
    ExpireReports {
        /// Of those settled by then, what was said.
        texts: ServerTime,
        /// Those settled by then, whole.
        rows: ServerTime,
    },
    /// Adds a link into a room, and drops the ended ones. Refused with `not_a_member` if whoever makes it is none, or
    /// with `too_many` if the room has the maximum number.
    AddRoomLink {
        link: RoomLink,
        secret: SecretHash,
        at: At,
    },
    /// Withdraws a link into a room. Refused with `not_found` if there is none of this id, or not of this maker.
    WithdrawRoomLink {
        room: RoomId,
        id: Uuid,
        made_by: Option<UserId>,
    },
    /// Uses a link into a room, as [`Write::Membership`] where there is a membership; who is a member already does not use
    /// it up. Refused with `link_ended` if it has ended.
    UseRoomLink(RoomLinkUse),
    /// Records an act that changes nothing else in the store.
    Audit {
        by: Person,
        act: Act,
        timestamp: Timestamp,
    },
    /// Creates the public room of that name, or reopens it with its log. Refused when the maximum number of rooms
    /// exists.
    OpenRoom {
        name: RoomName,
        /// The epoch of the room if it is new.
        epoch: Epoch,
        /// Whether to create the room if it does not exist; otherwise that is refused.
        make: bool,
        /// Whether the room stays when nobody is in it.
        permanent: bool,
        /// The current time.
        at: Timestamp,
    },
    /// Sets whether a room has members.
    SetLive {
        room: RoomId,
        /// `None`: it has members. Otherwise since when it has none.
        empty_since: Option<ServerTime>,
    },
    /// Saves a guest with its session, or a guest that came back under another name.
    SaveGuest {
        session: Session,
        /// Resumes the session.
        secret: SecretHash,
        /// The current time.
        at: ServerTime,
    },
    /// Records that users came or went.
    Seen {
        /// At most 500.
        users: Vec<UserId>,
        /// The current time.
        at: ServerTime,
    },
    /// Adds or removes a user's membership of a public room.
    SetMember {
        room: RoomId,
        user: UserId,
        /// Whether the user is a member from now on.
        member: bool,
    },
    /// Takes a direct conversation out of somebody's list, or puts it there.
    SetClosed {
        room: RoomId,
        user: UserId,
        /// The conversation is not in the list until a message after this seq; `None`: it is.
        closed: Option<Seq>,
    },
    /// Sets a user's read mark in a room.
    SetRead {
        room: RoomId,
        user: UserId,
        /// Everything up to and including this seq is read.
        read: Seq,
    },
    /// Records the passing of time: what was stored so far is older than what follows.
    Tick {
        /// The current server time, never before that of an earlier tick.
        time: ServerTime,
        /// The wall clock.
        wall: Timestamp,
    },
    /// Removes messages of a room that were stored by the last [`Write::Tick`] until `before`; bounded, so that other
    /// writes need not wait.
    Trim {
        room: Arc<RoomInfo>,
        /// Messages stored until then are removed.
        before: ServerTime,
        /// The current time.
        at: Timestamp,
    },
    /// Removes the log of a room if it has been empty since `before`; bounded, so that other writes need not wait.
    Purge {
        room: RoomId,
        /// The room must have been empty then and ever since.
        before: ServerTime,
    },
    /// Forgets guests who were not seen after `before`.
    ForgetGuests {
        /// Guests last seen until then are forgotten.
        before: ServerTime,
    },
}

impl Write {
    /// The text of the new or edited message, if any.
    pub fn text(&self) -> Option<&MessageText> {
        match self {
            Self::Post(NewPost { content, .. })
            | Self::Change(NewChange { action: Action::EditMessage { content }, .. }) => Some(content),
            _ => None,
        }
    }
}

/// The outcome of a [`Write`].
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The message was stored.
    Posted(Posted),
    /// The message was stored before; this is its present state.
    Repeated(Posted),
    /// The change was stored.
    Changed(Changed, MessageId),
    /// The change was stored before; this is its present state.
    RepeatedChange(Changed, MessageId),
    /// The message is already in the requested state.
    Unchanged {
        message_id: MessageId,
        /// The last event that changed the message, or its own.
        seq: Seq,
    },
    Refused(ErrorCode),
    /// The room, created or found.
    Room(Arc<RoomInfo>),
    /// A private room was created; the events are those of its first members.
    Created(Arc<RoomInfo>, Vec<Changed>),
    /// The ban has this id.
    Banned(u64),
    /// The open reports of the room changed.
    Reports(OpenReports),
    /// The room itself was changed, by these events.
    RoomChanged(Vec<Changed>),
    /// Something old was removed.
    Removed(Removed),
    /// Guests were forgotten; these were members of rooms.
    Forgotten(Vec<UserId>),
    Done,
}

/// The removed part of a log.
#[derive(Debug, Clone, Default)]
pub struct Removed {
    /// The number of messages removed.
    pub messages: u64,
    /// The event about it in the room's log, if the room still has one.
    pub trimmed: Option<Changed>,
    /// Whether there is more to remove.
    pub more: bool,
}
