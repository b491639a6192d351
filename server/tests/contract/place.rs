//! A folder for a store, and short words for what is done to it.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use hiroba::room::{RoomId, RoomInfo};
use hiroba::server_time::ServerTime;
use hiroba::store::{Author, NewChange, NewPost, Outcome, PageAt, Part, Side, Store, Write};
use shared::{
    Action, Changed, ClientMessageId, Emoji, Epoch, Mentions, MessageId, MessageText, Posted, RoomEvent,
    RoomName, Seq, Timestamp, UserId, UserName, Version,
};
use tempfile::TempDir;
use uuid::Uuid;

type Opening<'a> = Pin<Box<dyn Future<Output = Arc<dyn Store>> + 'a>>;
type Opener = Box<dyn for<'a> Fn(&'a Path) -> Opening<'a>>;

/// Where one test's store lives.
pub struct Place {
    folder: TempDir,
    open: Opener,
}

impl Place {
    /// An empty place for the adapter that `open` opens.
    pub fn new<S, F>(open: F) -> Self
    where
        S: Store + 'static,
        F: for<'a> Fn(&'a Path) -> Pin<Box<dyn Future<Output = anyhow::Result<S>> + 'a>> + Copy + 'static,
    {
        let open: Opener = Box::new(move |folder| {
            Box::pin(async move {
                let store: Arc<dyn Store> = Arc::new(open(folder).await.expect("the store opens"));
                store
            })
        });
        Self { folder: tempfile::tempdir().unwrap(), open }
    }

    /// Opens the store.
    pub async fn open(&self) -> Arc<dyn Store> {
        (self.open)(self.folder.path()).await
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Closes it and opens it again.
    pub async fn reopen(&self, store: Arc<dyn Store>) -> Arc<dyn Store> {
        store.close().await;
        drop(store);
        self.open().await
    }
}

/// A moment, in seconds.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

/// A moment in server time, in seconds.
pub fn time(seconds: i64) -> ServerTime {
    ServerTime::from_millis(seconds * 1_000)
}

/// Notes that it is this moment in server time.
pub fn tick(seconds: i64) -> Write {
    Write::Tick { time: time(seconds), wall: at(seconds) }
}

/// A person.
pub fn user(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

/// A message's own id.
pub fn id(number: u128) -> ClientMessageId {
    ClientMessageId::new(Uuid::from_u128(number))
}

/// Makes or brings back a room.
pub async fn open_room(store: &dyn Store, name: &str, epoch: u64, permanent: bool) -> Arc<RoomInfo> {
    let name = RoomName::new(name).unwrap();
    let write = Write::OpenRoom { name, epoch: Epoch::from_random(epoch), make: true, permanent, at: at(1) };
    match commit(store, vec![write]).await.remove(0) {
        Outcome::Room(room) => room,
        other => panic!("{other:?}"),
    }
}

/// A message of that author, under an id if one is given.
pub fn post(
    room: &Arc<RoomInfo>,
    author: u128,
    id: impl Into<Option<ClientMessageId>>,
    content: &str,
) -> Write {
    Write::Post(new_post(room, author, id, content))
}

/// [`post`], to be made something more of.
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

/// A message that answers another one.
pub fn reply(room: &Arc<RoomInfo>, author: u128, to: u64, content: &str) -> Write {
    Write::Post(NewPost { reply_to: Some(Seq(to)), ..new_post(room, author, None, content) })
}

/// A message that calls these people.
pub fn call(room: &Arc<RoomInfo>, author: u128, mentions: Mentions, content: &str) -> Write {
    Write::Post(NewPost { mentions, ..new_post(room, author, None, content) })
}

/// A change of a message by that person, under an id if one is given.
pub fn change(
    room: &Arc<RoomInfo>,
    author: u128,
    id: impl Into<Option<ClientMessageId>>,
    target: u64,
    action: Action,
) -> Write {
    Write::Change(new_change(room, author, id, target, action))
}

/// [`change`], to be made something more of.
pub fn new_change(
    room: &Arc<RoomInfo>,
    author: u128,
    id: impl Into<Option<ClientMessageId>>,
    target: u64,
    action: Action,
) -> NewChange {
    NewChange {
        room: room.clone(),
        author: alice(author, id),
        target: Seq(target),
        action,
        mentions: Mentions::default(),
        timestamp: at(6),
    }
}

/// Another text.
pub fn edit(content: &str) -> Action {
    Action::EditMessage { content: MessageText::new(content).unwrap() }
}

/// A reaction.
pub fn react(emoji: &str) -> Action {
    Action::AddReaction { emoji: Emoji::new(emoji).unwrap() }
}

/// One of many emoji.
pub fn smiley(number: usize) -> String {
    char::from_u32(0x1F600 + number as u32).unwrap().to_string()
}

/// A reaction taken back.
pub fn unreact(emoji: &str) -> Action {
    Action::RemoveReaction { emoji: Emoji::new(emoji).unwrap() }
}

/// These people.
pub fn these<const N: usize>(users: [u128; N]) -> Mentions {
    Mentions { users: users.map(user).into(), room: false }
}

/// Somebody, with an id for what they do if one is given.
pub fn alice(number: u128, id: impl Into<Option<ClientMessageId>>) -> Author {
    Author { id: user(number), name: UserName::new("alice").unwrap(), client_message_id: id.into() }
}

/// The place of the last event.
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
        let Part { items, more } = store.after(room, after, u16::MAX, user(0)).await.unwrap();
        after = items.last().map_or(after, RoomEvent::seq);
        events.extend(items);
        if !more {
            return events;
        }
    }
}

/// The pinned messages of a room, oldest first.
pub async fn pins(store: &dyn Store, room: &RoomInfo) -> Vec<Posted> {
    let Part { items, more } = store.pins(room, Side::After(Seq::ZERO), user(0)).await.unwrap();
    assert!(!more);
    items
}

/// The texts that a message had.
pub async fn versions(store: &dyn Store, room: &RoomInfo, target: u64) -> Option<Vec<Version>> {
    let found = store.versions(room, Seq(target), Side::After(Seq::ZERO)).await.unwrap();
    found.map(|part| part.items)
}

/// One message as it is now.
pub async fn message(store: &dyn Store, room: &RoomInfo, seq: u64) -> Posted {
    let mut found = store.messages(room, &[Seq(seq)], user(0)).await.unwrap().items;
    assert_eq!(found.len(), 1, "there is one message {seq}");
    found.remove(0)
}

/// Makes one write durable.
pub async fn one(store: &dyn Store, write: Write) -> Outcome {
    commit(store, vec![write]).await.remove(0)
}

/// Makes a batch durable; one outcome for each write.
pub async fn commit(store: &dyn Store, batch: Vec<Write>) -> Vec<Outcome> {
    let outcomes = store.commit(&batch).await.expect("the batch is stored");
    assert_eq!(outcomes.len(), batch.len());
    outcomes
}

/// The messages that were stored, for a batch of new ones.
pub async fn stored(store: &dyn Store, batch: Vec<Write>) -> Vec<Posted> {
    let outcomes = commit(store, batch).await;
    let stored = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::Posted(posted) => posted,
        other => panic!("{other:?}"),
    });
    stored.collect()
}

/// The changes that were stored, for a batch of new ones.
pub async fn changed(store: &dyn Store, batch: Vec<Write>) -> Vec<Changed> {
    let outcomes = commit(store, batch).await;
    let changed = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::Changed(changed, _) => changed,
        other => panic!("{other:?}"),
    });
    changed.collect()
}

/// A message's text; empty when it was deleted.
pub fn said(posted: &Posted) -> &str {
    posted.content.as_ref().map_or("", MessageText::as_str)
}

/// The places of messages.
pub fn seqs(messages: &[Posted]) -> Vec<u64> {
    messages.iter().map(|posted| posted.seq.0).collect()
}
