//! What others ask of the hub.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use shared::mention::Call;
use shared::{
    ClientMessageId, Member, Mentions, MessageId, RequestId, RoomAddress, RoomEvent, RoomName, RoomSummary,
    Seq, ServerFrame, Timestamp, UnreadCount, UserId, UserName,
};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::changes::Changes;
use super::link::Link;
use super::statistics::Statistics;
use crate::room::{RoomId, RoomInfo};

/// Who signs in.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// The name asked for.
    pub wanted: UserName,
    /// Whether they may come back after the connection broke. A demo client may not: it has no session.
    pub lingers: bool,
}

/// Where a room stands at the moment of a subscription.
#[derive(Debug, Clone, Copy)]
pub struct Subscribed {
    /// People in it.
    pub member_count: u64,
    /// The last event handed out or read on this node; none before the first of either.
    pub head: Option<Seq>,
    /// The person's read mark; none: this node does not know it.
    pub read: Option<Seq>,
}

/// Why a connection was not made a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSubscribed {
    /// The connection is gone.
    Gone,
    /// The person, or this connection, is in as many rooms as they may be.
    TooManyRooms,
}

/// Why an answer was not given and live events are still held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReleased {
    /// The read must reach this place before, because too much had to be held back.
    Behind(Seq),
    /// The person left the room meanwhile, at another connection perhaps, or it is gone.
    Left,
}

/// Who sent something, to be told that it is stored.
#[derive(Clone)]
pub struct Origin {
    /// The connection it came from.
    pub link: Arc<Link>,
    /// The name of the request.
    pub id: Option<RequestId>,
}

/// Where a read mark goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Forward to this place, or nowhere if it is further.
    Forward(Seq),
    /// To this place, be it back.
    To(Seq),
    /// Nowhere: it is only asked for.
    Stay,
    /// To this place, unless it is known.
    Unless(Seq),
}

/// A read mark as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// Everything up to here is read.
    pub read: Seq,
    /// The last event handed out or read on this node.
    pub head: Option<Seq>,
    /// Whether the mark moved.
    pub moved: bool,
}

/// What an author is told once it is stored.
pub struct Ack {
    /// Who.
    pub origin: Origin,
    /// The message that was written or changed.
    pub message_id: MessageId,
    /// The place of the event.
    pub seq: Seq,
    /// When it was stored.
    pub timestamp: Timestamp,
    /// The author's own name for it.
    pub client_message_id: Option<ClientMessageId>,
}

/// What came of a commit.
pub struct Committed {
    /// The room.
    pub room: Arc<RoomInfo>,
    /// What everybody is told; none: it was stored before, or changed nothing.
    pub event: Option<RoomEvent>,
    /// What its author is told, if it came in on this node.
    pub ack: Option<Ack>,
}

/// A batch has left: what the sockets took of it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandedOut {
    /// When.
    pub at: Instant,
    /// How long the turn took that wrote it, with what else it did.
    pub took: Duration,
}

pub(super) type Reply<T> = oneshot::Sender<T>;

pub(super) enum HubMessage {
    Attach {
        identity: Identity,
        link: Arc<Link>,
        done: Reply<(usize, UserName)>,
    },
    Detach {
        connection: usize,
        clean: bool,
    },
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
        done: Reply<Result<(), Seq>>,
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
    RollCall,
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
