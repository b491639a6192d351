//! What others ask of the hub.

use std::collections::HashSet;
use std::sync::Arc;

use shared::{Member, Posted, RequestId, RoomName, RoomSummary, Seq, ServerFrame, UserId, UserName};
use tokio::sync::oneshot;

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
    /// The person's read mark.
    pub read: Seq,
}

/// Who sent a message, to be told that it is stored.
pub struct Origin {
    /// The connection it came from.
    pub link: Arc<Link>,
    /// The name of the request.
    pub id: Option<RequestId>,
}

/// A message that is stored.
pub struct Committed {
    /// Its room.
    pub room: Arc<RoomInfo>,
    /// The message.
    pub posted: Posted,
    /// False: it was stored before and was only sent again; nobody else is told.
    pub fresh: bool,
    /// Who sent it, if it came in on this node.
    pub origin: Option<Origin>,
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
        done: Reply<Option<Subscribed>>,
    },
    Release {
        connection: usize,
        room: RoomId,
        at: Seq,
        frame: Box<ServerFrame>,
        done: Reply<Result<(), Seq>>,
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
    Deliver(Vec<Committed>),
    Typing {
        connection: usize,
        room: RoomId,
        is_typing: bool,
    },
    Away {
        connection: usize,
        away: bool,
    },
    MarkRead {
        connection: usize,
        room: RoomId,
        seq: Seq,
        done: Reply<Option<Seq>>,
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
    RollCall,
    TakeChanges {
        done: Reply<Changes>,
    },
    Statistics {
        done: Reply<Statistics>,
    },
    CloseAll {
        done: Reply<()>,
    },
}
