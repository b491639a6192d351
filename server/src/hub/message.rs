//! The requests that the hub handles.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use shared::account::Preferences;
use shared::mention::Call;
use shared::{
    ClientMessageId, Member, Mentions, MessageId, Person, Privilege, RequestId, RoomAddress, RoomDetails,
    RoomEvent, RoomName, RoomRole, RoomSummary, SearchResults, Seq, ServerFrame, SessionId, Timestamp,
    UnreadCount, UserId, UserName, Whom,
};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::account_requests::AccountRequest;
use super::changes::Changes;
use super::statistics::Statistics;
use super::user::UserKind;
use crate::delivery::ConnectionHandle;
use crate::room::{RoomId, RoomInfo};

/// The user who signs in.
#[derive(Debug, Clone)]
pub struct Identity {
    pub user: UserId,
    /// The requested name.
    pub wanted: UserName,
    pub kind: UserKind,
    /// The session of an account, with which the connection ends.
    pub session: Option<SessionId>,
}

/// Whom a request over HTTP comes from.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    pub user: UserId,
    /// The session of an account; `None` for a guest.
    pub session: Option<SessionId>,
}

/// A member of a room when the server stopped.
#[derive(Debug, Clone)]
pub struct RestoredMember {
    pub id: UserId,
    /// The name that the member had.
    pub name: UserName,
    pub kind: UserKind,
    /// The read mark, if there is one.
    pub read: Option<Seq>,
    pub role: RoomRole,
    /// Whether it is a conversation that is not in their list.
    pub closed: bool,
}

/// Somebody who was looked for.
#[derive(Debug, Clone)]
pub struct Found {
    pub person: Person,
    /// Whether a conversation with them can begin: they have an account, or are a guest who is here.
    pub can_be_met: bool,
    /// How many rooms they are in.
    pub rooms: usize,
    /// How many direct conversations they have.
    pub conversations: usize,
}

/// The direct conversations of somebody: those in their list, and the others.
#[derive(Debug, Clone, Default)]
pub struct Conversations {
    pub listed: Vec<RoomAddress>,
    pub closed: Vec<RoomAddress>,
}

/// The state of a room at the moment of a subscription.
#[derive(Debug, Clone)]
pub struct Subscribed {
    /// Whether the user became a member by it.
    pub is_new: bool,
    /// Whether the store may not know of the membership yet.
    pub is_unstored: bool,
    pub member_count: u64,
    /// The last event handed out or read on this node; `None` before the first of either.
    pub head: Option<Seq>,
    /// The user's read mark; `None` if this node does not know it.
    pub read: Option<Seq>,
    /// What the user is in the room.
    pub role: RoomRole,
    /// What the room tells of itself.
    pub details: Arc<RoomDetails>,
    /// Whose conversation it is.
    pub people: Vec<Member>,
}

/// Why a connection was not subscribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSubscribed {
    Gone,
    /// The user or the connection has reached its room limit.
    TooManyRooms,
    /// The room is private, and the user is none of its members.
    NotAMember,
    /// For how much longer; `None`: until somebody lifts it.
    Banned(Option<Duration>),
}

/// Why an answer was not sent and live events are still held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReleased {
    /// The read must reach this seq first, because too many events had to be held back.
    Behind(Seq),
    /// The user left the room meanwhile, perhaps on another connection, or the room is gone.
    Left,
}

/// Why a read mark was not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTold {
    /// It is at this seq by now.
    Moved(Seq),
    /// The user is not in the room any more.
    Left,
}

/// The sender of a request, who gets its ack.
#[derive(Clone)]
pub struct Requester {
    /// The connection that the request came from.
    pub handle: Arc<ConnectionHandle>,
    pub id: Option<RequestId>,
    /// When it arrived.
    pub since: Instant,
}

/// How to move a read mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Forward to this seq; unchanged if the mark is already past it.
    Forward(Seq),
    /// To this seq, even if that is backwards.
    To(Seq),
    /// Unchanged; only returns the mark.
    Stay,
    /// To this seq, unless the mark is known.
    Unless(Seq),
}

/// The current state of a read mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// Everything up to this seq is read.
    pub read: Seq,
    /// The last event handed out or read on this node.
    pub head: Option<Seq>,
    pub moved: bool,
}

/// The ack that an author gets once the write is stored.
pub struct Ack {
    pub requester: Requester,
    /// The message that was written or changed.
    pub message_id: MessageId,
    /// The seq of the event.
    pub seq: Seq,
    /// When the event was stored.
    pub timestamp: Timestamp,
    /// The author's own id for the message.
    pub client_message_id: Option<ClientMessageId>,
}

/// The result of a commit.
pub struct Committed {
    pub room: Arc<RoomInfo>,
    /// The event to fan out; `None` if it was stored before, or nothing changed.
    pub event: Option<RoomEvent>,
    /// The ack for the author, if the write was received on this node.
    pub ack: Option<Ack>,
}

/// A batch was handed out: everything that the sockets accept of it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandedOut {
    pub at: Instant,
    /// Duration of the turn that wrote it, including the turn's other work.
    pub took: Duration,
}

pub(super) type Reply<T> = oneshot::Sender<T>;

pub(super) enum HubMessage {
    Attach {
        identity: Identity,
        handle: Arc<ConnectionHandle>,
        done: Reply<Option<(usize, UserName)>>,
    },
    Visit {
        visitor: Visitor,
        address: Option<RoomAddress>,
        handle: Arc<ConnectionHandle>,
        done: Reply<Option<(usize, UserName)>>,
    },
    Detach {
        connection: usize,
        clean: bool,
    },
    Account(AccountRequest),
    Subscribe {
        connection: usize,
        room: Arc<RoomInfo>,
        held: bool,
        done: Reply<Result<Subscribed, NotSubscribed>>,
    },
    Release {
        connection: usize,
        room: RoomId,
        at: Seq,
        frame: Box<ServerFrame>,
        done: Reply<Result<(), NotReleased>>,
    },
    OwnRoom {
        connection: usize,
        address: RoomAddress,
        done: Reply<Option<Arc<RoomInfo>>>,
    },
    KnownRooms {
        user: UserId,
        rooms: Vec<RoomAddress>,
        done: Reply<Vec<RoomAddress>>,
    },
    PrivateRooms {
        user: UserId,
        done: Reply<Vec<Arc<RoomInfo>>>,
    },
    Member {
        room: RoomId,
        user: UserId,
        done: Reply<Option<(UserName, RoomRole)>>,
    },
    FindUser {
        whom: Whom,
        done: Reply<Option<Found>>,
    },
    CountRooms {
        user: UserId,
        done: Reply<(usize, usize)>,
    },
    Conversations {
        connection: usize,
        done: Reply<Conversations>,
    },
    CloseConversation {
        connection: usize,
        room: RoomId,
        done: Reply<bool>,
    },
    AnswerHits {
        connection: usize,
        results: Box<SearchResults>,
    },
    Readable {
        user: UserId,
        results: Box<SearchResults>,
        done: Reply<Box<SearchResults>>,
    },
    RemoveGuests {
        guests: Vec<UserId>,
    },
    Addresses {
        user: UserId,
        done: Reply<Vec<IpAddr>>,
    },
    Announce {
        frame: Box<ServerFrame>,
    },
    TellPreferences {
        user: UserId,
        connection: Option<usize>,
        preferences: Box<Preferences>,
    },
    TellStanding {
        room: RoomId,
        user: UserId,
        role: RoomRole,
        may: Vec<Privilege>,
        reports: Option<u32>,
    },
    Moderators(RoomId, Reply<Vec<UserId>>),
    Describe(RoomId, Reply<Option<(Arc<RoomDetails>, u64)>>),
    Memberships {
        connection: usize,
        done: Reply<HashSet<RoomAddress>>,
    },
    Unsubscribe {
        connection: usize,
        room: RoomId,
    },
    Leave {
        connection: usize,
        room: RoomId,
        done: Reply<bool>,
    },
    Deliver {
        batch: Vec<Committed>,
        done: Reply<HandedOut>,
    },
    Typing {
        connection: usize,
        room: RoomId,
        is_typing: bool,
    },
    Away {
        connection: usize,
        away: bool,
    },
    MoveMark {
        connection: usize,
        room: RoomId,
        to: Mark,
        done: Reply<Option<Marked>>,
    },
    TellRead {
        connection: usize,
        room: RoomId,
        read: Seq,
        unread: UnreadCount,
        id: Option<RequestId>,
        done: Reply<Result<(), NotTold>>,
    },
    FindMentions {
        room: RoomId,
        calls: Vec<Call>,
        done: Reply<Mentions>,
    },
    Members {
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
        done: Reply<(Vec<Member>, bool)>,
    },
    WatchMembers {
        connection: usize,
        room: RoomId,
        users: HashSet<UserId>,
    },
    Rooms {
        connection: usize,
        after: Option<RoomName>,
        limit: usize,
        done: Reply<(Vec<RoomSummary>, bool)>,
    },
    Live {
        rooms: Vec<RoomId>,
        done: Reply<HashSet<RoomId>>,
    },
    TouchPresent,
    TakeChanges {
        done: Reply<Changes>,
    },
    ChangesStored,
    Statistics {
        done: Reply<Statistics>,
    },
    CloseAll {
        done: Reply<()>,
    },
}
