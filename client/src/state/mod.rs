//! What the page knows: plain Rust that is tested without a browser, and the signals that hold it.
//!
//! Frames come in through [`Store::receive`], wishes of the person through the methods in `wishes`;
//! what is to be sent leaves through the one queue that the socket reads.

pub mod backoff;
pub mod calendar;
pub mod changes;
pub mod connection;
pub mod directory;
pub mod edits;
pub mod identity;
mod journey;
pub mod listings;
mod lookups;
mod losses;
pub mod members;
pub mod notices;
pub mod outbox;
pub mod pending;
pub mod place;
mod reads;
mod receive;
mod refusals;
pub mod room;
mod session;
pub mod timeline;
pub mod typing;
mod wishes;

use std::collections::{BTreeMap, HashMap};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use leptos::prelude::*;
use shared::limits::Limits;
use shared::{Posted, PresenceStatus, Reactors, Request, RoomAddress, Seq, Timestamp, UserId};

use connection::Connection;
use directory::Directory;
use edits::Edits;
use identity::Identity;
use listings::{Listed, Listing, Search, Versions};
use notices::Notices;
use outbox::Outbox;
use pending::ReplyTo;
use place::Page;
use reads::Reads;
use room::Room;

/// The rooms this person is in. A change inside one wakes its readers only.
pub type Rooms = BTreeMap<RoomAddress, ArcRwSignal<Room>>;

/// What the socket is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Send this if there is a connection; what must not be lost is in the outbox.
    Send(Request),
    /// Somebody wants a connection now, or the computer woke up: look whether there is one.
    Wake,
    /// Say goodbye and stay away.
    SignOut,
}

/// A request whose answer or refusal needs to know what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Join(RoomAddress),
    Leave(RoomAddress),
    Page(RoomAddress, Page),
    Messages(RoomAddress, Vec<Seq>),
    Count(RoomAddress),
    /// The first page, or a further one.
    List(RoomAddress, Listed, bool),
    Versions(RoomAddress, Seq),
    Reactors,
    Search(String),
}

/// What no part of the page watches, or only one.
struct Inner {
    orders: UnboundedSender<Order>,
    /// By the number of the request.
    asked: HashMap<u64, Asked>,
    /// How many requests there were.
    requests: u64,
    reads: Reads,
    /// A message to go to as soon as its room is there.
    target: Option<(RoomAddress, Seq)>,
    pins: RwSignal<Option<Listing>>,
    replies: RwSignal<Option<Listing>>,
    edits: RwSignal<Edits>,
    news: RwSignal<Vec<Posted>>,
}

/// The signals of the page. They live as long as the page.
#[derive(Clone, Copy)]
pub struct Store {
    /// Who this person is; nobody before a name is given.
    pub identity: RwSignal<Option<Identity>>,
    /// How the connection is.
    pub connection: RwSignal<Connection>,
    /// The rooms this person is in.
    pub rooms: RwSignal<Rooms>,
    /// The room on the screen.
    pub open: RwSignal<Option<RoomAddress>>,
    /// The message that the address of the page names.
    pub spot: RwSignal<Option<Seq>>,
    /// The public rooms of the server.
    pub directory: RwSignal<Directory>,
    /// One's own messages that are on their way.
    pub outbox: RwSignal<Outbox>,
    /// What was written and not sent, by room.
    pub drafts: RwSignal<BTreeMap<RoomAddress, String>>,
    /// Which message the next one answers, by room.
    pub replying: RwSignal<BTreeMap<RoomAddress, ReplyTo>>,
    /// What is searched for, and what was found.
    pub search: RwSignal<Search>,
    /// The texts that a message had, while somebody looks at them.
    pub versions: RwSignal<Option<Versions>>,
    /// Who reacted so, as far as it was looked up last.
    pub reactors: RwSignal<Option<Reactors>>,
    /// Short words to the person.
    pub notices: RwSignal<Notices>,
    /// What the server enforces.
    pub limits: RwSignal<Limits>,
    /// Whether somebody is at the page.
    pub away: RwSignal<bool>,
    inner: StoredValue<Inner>,
}

impl Store {
    /// An empty page, and the queue of what it wants from the socket.
    pub fn new() -> (Self, UnboundedReceiver<Order>) {
        let (sender, orders) = unbounded();
        let store = Self {
            identity: RwSignal::default(),
            connection: RwSignal::default(),
            rooms: RwSignal::default(),
            open: RwSignal::default(),
            spot: RwSignal::default(),
            directory: RwSignal::default(),
            outbox: RwSignal::default(),
            drafts: RwSignal::default(),
            replying: RwSignal::default(),
            search: RwSignal::default(),
            versions: RwSignal::default(),
            reactors: RwSignal::default(),
            notices: RwSignal::default(),
            limits: RwSignal::new(Limits::standard(true)),
            away: RwSignal::new(false),
            inner: StoredValue::new(Inner {
                orders: sender,
                asked: HashMap::new(),
                requests: 0,
                reads: Reads::default(),
                target: None,
                pins: RwSignal::default(),
                replies: RwSignal::default(),
                edits: RwSignal::default(),
                news: RwSignal::default(),
            }),
        };
        (store, orders)
    }

    /// The pinned messages of a room, while somebody looks at them.
    pub fn pins(&self) -> RwSignal<Option<Listing>> {
        self.inner.with_value(|inner| inner.pins)
    }

    /// The replies to a message, while somebody looks at them.
    pub fn replies(&self) -> RwSignal<Option<Listing>> {
        self.inner.with_value(|inner| inner.replies)
    }

    /// One's own messages whose text is being changed, and where the carets of drafts are.
    pub fn edits(&self) -> RwSignal<Edits> {
        self.inner.with_value(|inner| inner.edits)
    }

    /// What others have just said in the open room; whoever reads it out takes it.
    pub fn news(&self) -> RwSignal<Vec<Posted>> {
        self.inner.with_value(|inner| inner.news)
    }

    /// This person's id, once the server has told it.
    pub fn me(&self) -> Option<UserId> {
        self.identity.with(|identity| identity.as_ref().and_then(|identity| identity.id))
    }

    /// How this person is to others.
    pub fn own_status(&self) -> PresenceStatus {
        match (self.connection.get().is_online(), self.away.get()) {
            (false, _) => PresenceStatus::Offline,
            (true, true) => PresenceStatus::Away,
            (true, false) => PresenceStatus::Online,
        }
    }

    /// A room this person is in.
    pub fn room(&self, room: &RoomAddress) -> Option<ArcRwSignal<Room>> {
        self.rooms.with(|rooms| rooms.get(room).cloned())
    }

    fn with_inner<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.inner.write_value();
        change(&mut inner)
    }

    fn room_untracked(&self, room: &RoomAddress) -> Option<ArcRwSignal<Room>> {
        self.rooms.with_untracked(|rooms| rooms.get(room).cloned())
    }

    fn in_room<T>(&self, name: &RoomAddress, change: impl FnOnce(&mut Room) -> T) -> Option<T> {
        self.room_untracked(name)?.try_update(change)
    }
}

/// The time, for people and for waiting; never for order.
pub fn now() -> Timestamp {
    Timestamp::from_millis(chrono::Utc::now().timestamp_millis())
}
