//! The port to whatever keeps the rooms' logs, and what it promises.
//!
//! The store alone gives out `seq`: 1, 2, 3 … per room without holes, inside the transaction that makes the event
//! durable. When [`Store::commit`] has returned, its batch survives a crash of the machine.

pub mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;
use shared::{
    ClientMessageId, Epoch, MessageId, MessageText, Posted, RoomName, Seq, Timestamp, UserId, UserName,
};

use crate::room::{RoomId, RoomInfo};

/// A message that is to get its place in a room's log.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// The room.
    pub room: Arc<RoomInfo>,
    /// The author.
    pub author: UserId,
    /// The author's name.
    pub name: UserName,
    /// The name the message gets if it is new.
    pub message_id: MessageId,
    /// The author's own name for it: with the author unique as long as the message is kept.
    pub client_message_id: Option<ClientMessageId>,
    /// The text.
    pub content: MessageText,
    /// When it came in.
    pub timestamp: Timestamp,
}

/// A guest who may come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The person.
    pub id: UserId,
    /// The name they got.
    pub name: UserName,
}

/// The hash of a guest's secret: SHA-256.
pub type SecretHash = [u8; 32];

/// Something to be made durable.
#[derive(Debug, Clone)]
pub enum Write {
    /// A message.
    Post(NewPost),
    /// The public room of that name: made, or brought back with its log.
    OpenRoom {
        /// The name.
        name: RoomName,
        /// The epoch it gets if it is new.
        epoch: Epoch,
        /// Whether it stays when nobody is in it.
        permanent: bool,
        /// Now.
        at: Timestamp,
    },
    /// A room has members, or since `at` has none.
    SetLive {
        /// The room.
        room: RoomId,
        /// None: it has members. Else since when it has none.
        empty_since: Option<Timestamp>,
    },
    /// A guest and the secret that resumes it; or a guest that came back under another name.
    SaveGuest {
        /// Who.
        guest: Guest,
        /// How to recognise them.
        secret: SecretHash,
        /// Now.
        at: Timestamp,
    },
    /// A guest came or went.
    Seen {
        /// Who.
        guest: UserId,
        /// Now.
        at: Timestamp,
    },
    /// A guest's membership and read mark.
    SetMember {
        /// The room.
        room: RoomId,
        /// Who.
        guest: UserId,
        /// The read mark; none: no longer a member.
        read: Option<Seq>,
    },
    /// Forgets guests who were not seen since `before`.
    ForgetGuests {
        /// The last moment that is forgotten.
        before: Timestamp,
    },
}

/// What became of a [`Write`].
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The message has its place.
    Posted(Posted),
    /// It was stored before; this is the message as it stands.
    Repeated(Posted),
    /// The author used this id for another message.
    IdConflict,
    /// The room, made or found.
    Room(Arc<RoomInfo>),
    /// Done.
    Done,
}

/// A room, and its members as they were when the server stopped.
pub type StoredRoom = (Arc<RoomInfo>, Vec<(UserId, UserName, Seq)>);

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer or could not write (full disk); may be retried.
    #[error("the database cannot be used at the moment")]
    Unavailable(#[source] anyhow::Error),
    /// The database holds something that this version does not understand.
    #[error("the database holds something unexpected")]
    Corrupt(#[source] anyhow::Error),
}

/// Where rooms' logs are kept. An adapter is finished when `tests/contract` passes on it unchanged.
#[async_trait]
pub trait Store: Send + Sync {
    /// Makes a batch durable in one transaction, in its order, with one outcome for each write. A refused write
    /// (a repeated id) does not fail the others.
    ///
    /// # Errors
    /// Nothing of the batch was stored.
    async fn commit(&self, batch: &[Write]) -> Result<Vec<Outcome>, StoreError>;

    /// The live rooms, with guests who were members.
    async fn live_rooms(&self) -> Result<Vec<StoredRoom>, StoreError>;

    /// The guest whose secret has this hash, if it was seen after `since`.
    async fn guest(&self, secret: &SecretHash, since: Timestamp) -> Result<Option<Guest>, StoreError>;

    /// The last event of a room's log; 0 if there is none.
    async fn head(&self, room: RoomId) -> Result<Seq, StoreError>;

    /// At most `limit` messages after `after`, oldest first.
    async fn after(&self, room: &RoomInfo, after: Seq, limit: u16) -> Result<Vec<Posted>, StoreError>;

    /// At most `limit` messages before `before` (none: the latest), oldest first.
    async fn before(
        &self,
        room: &RoomInfo,
        before: Option<Seq>,
        limit: u16,
    ) -> Result<Vec<Posted>, StoreError>;

    /// Whether the store can be written to at the moment.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Ends every connection to the database, after what is under way.
    async fn close(&self);
}
