//! The state of a session: plain Rust that is tested without a browser, and the signals that hold it.
//!
//! Frames come in through [`Store::receive`], user actions through the methods in `commands` and `navigation`; outgoing requests leave
//! through the one queue that the socket reads.

pub mod changes;
mod commands;
pub mod connection;
mod direct;
pub mod directory;
mod doors;
pub mod edits;
pub mod entrance;
pub mod followers;
pub mod identity;
mod losses;
pub mod members;
mod muted;
mod navigation;
pub mod notices;
pub mod outbox;
pub mod pending;
mod preferences;
pub mod profiles;
pub mod progress;
mod reads;
mod receive;
pub mod requests;
pub mod room;
mod session;
pub mod sorted_map;
pub mod timeline;
pub mod typing;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use leptos::prelude::*;
use shared::limits::Limits;
use shared::{Person, Posted, PresenceStatus, Request, RoomAddress, Seq, Timestamp, UserId, UserName};

use connection::Connection;
use directory::Directory;
use edits::Edits;
use followers::Followers;
use identity::Identity;
use notices::Notices;
use outbox::Outbox;
use pending::ReplyTo;
use profiles::Present;
use reads::Reads;
use requests::Requests;
use room::Room;
use sorted_map::SortedMap;

/// The joined rooms. A change inside a room notifies only the subscribers of that room.
pub type Rooms = SortedMap<RoomAddress, ArcRwSignal<Room>>;

/// An instruction to the socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Send this if connected; whatever must not be lost is in the outbox.
    Send(Request),
    /// The user wants a connection now, or the computer resumed: check whether there is one.
    Wake,
    /// Prolong the connection with this access token.
    Renew(String),
    /// Close the connection for good.
    SignOut,
}

/// State that no component subscribes to, or only one.
struct Inner {
    orders: UnboundedSender<Order>,
    requests: Requests,
    reads: Reads,
    /// Whether there was a connection.
    was_welcomed: bool,
    /// A message to jump to once its room is loaded.
    target: Option<(RoomAddress, Seq)>,
    followers: Followers,
    edits: RwSignal<Edits>,
    news: RwSignal<Vec<Posted>>,
    /// People who changed their name or told something of themselves, also those who are in none of the rooms any more.
    present: SortedMap<UserId, Present>,
    introductions: RwSignal<usize>,
    /// Whether the server has told what the account prefers.
    prefers: bool,
    /// Muted rooms that it has to be told of.
    untold: Vec<RoomAddress>,
    /// People whose messages the user does not want.
    blocked: Vec<Person>,
    /// Messages of theirs that are shown all the same.
    revealed: Vec<(RoomAddress, Seq)>,
    /// Changes when either does.
    blocks: RwSignal<usize>,
    /// Whether the user said that they are away.
    absent: bool,
    /// What the joined private rooms are called.
    titles: RwSignal<SortedMap<RoomAddress, String>>,
    /// The joined rooms that can only be read.
    archived: RwSignal<Vec<RoomAddress>>,
    /// The joined rooms that stand above the conversations in the list.
    raised: RwSignal<Vec<RoomAddress>>,
    /// The joined conversations in the order of the list.
    conversations: RwSignal<Vec<RoomAddress>>,
    /// Whom the dialog about a person shows.
    person: Option<(UserId, UserName)>,
    /// What people whose account was deleted are called in the language of the page.
    nobody: Option<UserName>,
}

/// The signals of a session. They belong to one owner, and go with it when the session ends.
#[derive(Clone, Copy)]
pub struct Store {
    /// The user.
    pub identity: RwSignal<Identity>,
    pub connection: RwSignal<Connection>,
    /// The joined rooms.
    pub rooms: RwSignal<Rooms>,
    /// The room on screen.
    pub open: RwSignal<Option<RoomAddress>>,
    /// The message that the page's address names.
    pub spot: RwSignal<Option<Seq>>,
    /// The public rooms of the server.
    pub directory: RwSignal<Directory>,
    /// The user's own messages and changes that are not in the log yet.
    pub outbox: RwSignal<Outbox>,
    /// Unsent texts, by room.
    pub drafts: RwSignal<SortedMap<RoomAddress, String>>,
    /// The message that the next one replies to, by room.
    pub replying: RwSignal<SortedMap<RoomAddress, ReplyTo>>,
    /// The rooms that the user muted.
    pub muted: RwSignal<Vec<RoomAddress>>,
    /// The favourites of the user, also those that are not joined.
    pub favourites: RwSignal<Vec<RoomAddress>>,
    /// Short messages to the user.
    pub notices: RwSignal<Notices>,
    /// The limits that the server enforces.
    pub limits: RwSignal<Limits>,
    /// Whether the user is at the page.
    pub away: RwSignal<bool>,
    inner: StoredValue<Inner>,
}

impl Store {
    /// Creates the store of a session that begins, and the queue of its orders to the socket.
    pub fn new(identity: Identity) -> (Self, UnboundedReceiver<Order>) {
        let (sender, orders) = unbounded();
        let store = Self {
            identity: RwSignal::new(identity),
            connection: RwSignal::default(),
            rooms: RwSignal::default(),
            open: RwSignal::default(),
            spot: RwSignal::default(),
            directory: RwSignal::default(),
            outbox: RwSignal::default(),
            drafts: RwSignal::default(),
            replying: RwSignal::default(),
            muted: RwSignal::default(),
            favourites: RwSignal::default(),
            notices: RwSignal::default(),
            limits: RwSignal::new(Limits::standard(true)),
            away: RwSignal::new(false),
            inner: StoredValue::new(Inner {
                orders: sender,
                requests: Requests::default(),
                reads: Reads::default(),
                was_welcomed: false,
                present: SortedMap::default(),
                introductions: RwSignal::new(0),
                titles: RwSignal::default(),
                archived: RwSignal::default(),
                prefers: false,
                untold: Vec::new(),
                blocked: Vec::new(),
                revealed: Vec::new(),
                blocks: RwSignal::new(0),
                absent: false,
                raised: RwSignal::default(),
                conversations: RwSignal::default(),
                person: None,
                nobody: None,
                target: None,
                followers: Followers::default(),
                edits: RwSignal::default(),
                news: RwSignal::default(),
            }),
        };
        (store, orders)
    }

    /// The user's messages being edited, and the carets of drafts.
    pub fn edits(&self) -> RwSignal<Edits> {
        self.inner.with_value(|inner| inner.edits)
    }

    /// New messages of others in the open room; the component that announces them takes them out.
    pub fn news(&self) -> RwSignal<Vec<Posted>> {
        self.inner.with_value(|inner| inner.news)
    }

    /// The user's id, once the server has sent it.
    pub fn me(&self) -> Option<UserId> {
        self.identity.with(|identity| identity.id)
    }

    /// The user's presence as others see it.
    pub fn own_status(&self) -> PresenceStatus {
        match (self.connection.get().is_online(), self.away.get()) {
            (false, _) => PresenceStatus::Offline,
            (true, true) => PresenceStatus::Away,
            (true, false) => PresenceStatus::Online,
        }
    }

    /// A joined room.
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

/// The wall-clock time, for display and timeouts; never for ordering.
pub fn now() -> Timestamp {
    Timestamp::from_millis(chrono::Utc::now().timestamp_millis())
}
