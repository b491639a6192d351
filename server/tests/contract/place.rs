//! A folder for a store, and short words for what is done to it.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use hiroba::room::{RoomId, RoomInfo};
use hiroba::store::{Author, NewPost, Outcome, PageAt, Store, Write};
use shared::{
    ClientMessageId, Epoch, Mentions, MessageId, MessageText, Posted, RoomName, Seq, Timestamp, UserId,
    UserName,
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
    let write = Write::OpenRoom { name, epoch: Epoch::from_random(epoch), permanent, at: at(1) };
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
    Write::Post(NewPost {
        room: room.clone(),
        author: alice(author, id),
        message_id: MessageId::new(Uuid::now_v7()),
        content: MessageText::new(content).unwrap(),
        reply_to: None,
        mentions: Mentions::default(),
        timestamp: at(5),
    })
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

/// A message's text; empty when it was deleted.
pub fn said(posted: &Posted) -> &str {
    posted.content.as_ref().map_or("", MessageText::as_str)
}

/// The places of messages.
pub fn seqs(messages: &[Posted]) -> Vec<u64> {
    messages.iter().map(|posted| posted.seq.0).collect()
}
