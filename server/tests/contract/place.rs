//! A folder for a store, and helpers to build writes and read results.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use hiroba::room::{RoomId, RoomInfo};
use hiroba::server_time::ServerTime;
use hiroba::store::{
    AccountStore, Author, NewChange, NewPost, Outcome, Page, PageAt, PageCursor, SearchIndex, Store, Write,
};
use shared::{
    Action, Changed, ClientMessageId, Emoji, Epoch, Mentions, MessageId, MessageText, Posted, RoomEvent,
    RoomName, Seq, Timestamp, UserId, UserName, Version,
};
use tempfile::TempDir;
use uuid::Uuid;

/// The traits that an adapter implements.
pub trait Adapter: Store + AccountStore + SearchIndex {}

impl<S: Store + AccountStore + SearchIndex> Adapter for S {}

type Opening<'a> = Pin<Box<dyn Future<Output = Arc<dyn Adapter>> + 'a>>;
type Opener = Box<dyn for<'a> Fn(&'a Path) -> Opening<'a>>;

/// The folder of one test's store.
pub struct Place {
    folder: TempDir,
    open: Opener,
}

impl Place {
    /// Creates an empty folder for the adapter that `open` opens.
    pub fn new<S, F>(open: F) -> Self
    where
        S: Adapter + 'static,
        F: for<'a> Fn(&'a Path) -> Pin<Box<dyn Future<Output = anyhow::Result<S>> + 'a>> + Copy + 'static,
    {
        let open: Opener = Box::new(move |folder| {
            Box::pin(async move {
                let store: Arc<dyn Adapter> = Arc::new(open(folder).await.expect("the store opens"));
                store
            })
        });
        Self { folder: tempfile::tempdir().unwrap(), open }
    }

    pub async fn open(&self) -> Arc<dyn Adapter> {
        (self.open)(self.folder.path()).await
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Closes the store and opens it again.
    pub async fn reopen(&self, store: Arc<dyn Adapter>) -> Arc<dyn Adapter> {
        store.close().await;
        drop(store);
        self.open().await
    }
}

/// A timestamp, in seconds.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

/// A server time, in seconds.
pub fn time(seconds: i64) -> ServerTime {
    ServerTime::from_millis(seconds * 1_000)
}

/// Sets the server time.
pub fn tick(seconds: i64) -> Write {
    Write::Tick { time: time(seconds), wall: at(seconds) }
}

pub fn user(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

/// A client message id.
pub fn id(number: u128) -> ClientMessageId {
    ClientMessageId::new(Uuid::from_u128(number))
}

/// Creates or reopens a room.
pub async fn open_room(store: &dyn Store, name: &str, epoch: u64, permanent: bool) -> Arc<RoomInfo> {
    let name = RoomName::new(name).unwrap();
    let write = Write::OpenRoom { name, epoch: Epoch::from_random(epoch), make: true, permanent, at: at(1) };
    match commit(store, vec![write]).await.remove(0) {
        Outcome::Room(room) => room,
        other => panic!("{other:?}"),
    }
}

/// A message by `author`, with a client message id if one is given.
pub fn post(
    room: &Arc<RoomInfo>,
    author: u128,
    id: impl Into<Option<ClientMessageId>>,
    content: &str,
) -> Write {
    Write::Post(new_post(room, author, id, content))
}

/// The value inside [`post`], for further modification.
pub fn new_post(
    room: &Arc<RoomInfo>,
    author: u128,
    id: impl Into<Option<ClientMessageId>>,
    content: &str,
) -> NewPost {
    NewPost {
        room: room.clone(),
        author: alice(author, id),
        message_id: MessageId::new(Uuid::now_v7()),
        content: MessageText::new(content).unwrap(),
        reply_to: None,
        mentions: Mentions::default(),
        timestamp: at(5),
    }
}

/// A reply to another message.
pub fn reply(room: &Arc<RoomInfo>, author: u128, to: u64, content: &str) -> Write {
    Write::Post(NewPost { reply_to: Some(Seq(to)), ..new_post(room, author, None, content) })
}

/// A message with these mentions.
pub fn call(room: &Arc<RoomInfo>, author: u128, mentions: Mentions, content: &str) -> Write {
    Write::Post(NewPost { mentions, ..new_post(room, author, None, content) })
}

/// A change of a message by `author`, with a client message id if one is given.
pub fn change(
    room: &Arc<RoomInfo>,
    author: u128,
    id: impl Into<Option<ClientMessageId>>,
    target: u64,
    action: Action,
) -> Write {
    Write::Change(new_change(room, author, id, target, action))
}

/// The value inside [`change`], for further modification.
pub fn new_change(
    room: &Arc<RoomInfo>,
    author: u128,
    id: impl Into<Option<ClientMessageId>>,
    target: u64,
    action: Action,
) -> NewChange {
    NewChange {
        moderates: false,
        room: room.clone(),
        author: alice(author, id),
        target: Seq(target),
        action,
        mentions: Mentions::default(),
        timestamp: at(6),
    }
}

pub fn edit(content: &str) -> Action {
    Action::EditMessage { content: MessageText::new(content).unwrap() }
}

pub fn react(emoji: &str) -> Action {
    Action::AddReaction { emoji: Emoji::new(emoji).unwrap() }
}

/// One of many different emoji.
pub fn smiley(number: usize) -> String {
    char::from_u32(0x1F600 + number as u32).unwrap().to_string()
}

/// Removes a reaction.
pub fn unreact(emoji: &str) -> Action {
    Action::RemoveReaction { emoji: Emoji::new(emoji).unwrap() }
}

/// Mentions of these users.
pub fn these<const N: usize>(users: [u128; N]) -> Mentions {
    Mentions { users: users.map(user).into(), room: false }
}

/// An author, with a client message id if one is given.
pub fn alice(number: u128, id: impl Into<Option<ClientMessageId>>) -> Author {
    Author { id: user(number), name: UserName::new("alice").unwrap(), client_message_id: id.into() }
}

/// The seq of the last event.
pub async fn head(store: &dyn Store, room: RoomId) -> Seq {
    store.extent(room).await.unwrap().head
}

/// The messages of a room after `after`, oldest first.
pub async fn log(store: &dyn Store, room: &RoomInfo, after: u64) -> Vec<Posted> {
    store.page(room, PageAt::After(Seq(after)), 200, user(0)).await.unwrap().messages
}

/// All events of a room after `after`.
pub async fn events(store: &dyn Store, room: &RoomInfo, after: u64) -> Vec<RoomEvent> {
    let (mut events, mut after) = (Vec::new(), Seq(after));
    loop {
        let Page { items, more } = store.after(room, after, u16::MAX, user(0)).await.unwrap();
        after = items.last().map_or(after, RoomEvent::seq);
        events.extend(items);
        if !more {
            return events;
        }
    }
}

/// The pinned messages of a room, oldest first.
pub async fn pins(store: &dyn Store, room: &RoomInfo) -> Vec<Posted> {
    let Page { items, more } = store.pins(room, PageCursor::After(Seq::ZERO), user(0)).await.unwrap();
    assert!(!more);
    items
}

/// The versions of a message's text.
pub async fn versions(store: &dyn Store, room: &RoomInfo, target: u64) -> Option<Vec<Version>> {
    let found = store.versions(room, Seq(target), PageCursor::After(Seq::ZERO)).await.unwrap();
    found.map(|part| part.items)
}

/// A message in its present state.
pub async fn message(store: &dyn Store, room: &RoomInfo, seq: u64) -> Posted {
    let mut found = store.messages(room, &[Seq(seq)], user(0)).await.unwrap().items;
    assert_eq!(found.len(), 1, "there is one message {seq}");
    found.remove(0)
}

/// Commits a single write.
pub async fn one(store: &dyn Store, write: Write) -> Outcome {
    commit(store, vec![write]).await.remove(0)
}

/// Commits a batch; returns one outcome per write.
pub async fn commit(store: &dyn Store, batch: Vec<Write>) -> Vec<Outcome> {
    let outcomes = store.commit(&batch).await.expect("the batch is stored");
    assert_eq!(outcomes.len(), batch.len());
    outcomes
}

/// Commits a batch of new messages and returns them as stored.
pub async fn stored(store: &dyn Store, batch: Vec<Write>) -> Vec<Posted> {
    let outcomes = commit(store, batch).await;
    let stored = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::Posted(posted) => posted,
        other => panic!("{other:?}"),
    });
    stored.collect()
}

/// Commits a batch of changes and returns them as stored.
pub async fn changed(store: &dyn Store, batch: Vec<Write>) -> Vec<Changed> {
    let outcomes = commit(store, batch).await;
    let changed = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::Changed(changed, _) => changed,
        other => panic!("{other:?}"),
    });
    changed.collect()
}

/// A message's text; empty if it was deleted.
pub fn said(posted: &Posted) -> &str {
    posted.content.as_ref().map_or("", MessageText::as_str)
}

/// The seqs of messages.
pub fn seqs(messages: &[Posted]) -> Vec<u64> {
    messages.iter().map(|posted| posted.seq.0).collect()
}
