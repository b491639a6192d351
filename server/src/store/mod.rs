//! The port to whatever keeps the rooms' logs, and what it promises.
//!
//! The store alone gives out `seq`: 1, 2, 3 … per room without holes, inside the transaction that makes the event
//! durable. When [`Store::commit`] has returned, its batch survives a crash of the machine.

mod page;
pub mod sqlite;
pub mod wire_size;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use shared::search::Query;
use shared::{Emoji, Posted, ReactorAt, RoomEvent, Seq, UnreadCount, UserId, UserName, Version};

pub use page::{Extent, LogPage, PageAt, Part, SearchPage, Side};
pub use write::{Author, NewChange, NewPost, Outcome, Removed, Write};

use crate::room::{RoomId, RoomInfo};
use crate::server_time::{Noted, ServerTime};

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

/// A room, and its members as they were when the server stopped, with their read marks.
pub type StoredRoom = (Arc<RoomInfo>, Vec<(UserId, UserName, Option<Seq>)>);

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

    /// Every room that has a log.
    async fn rooms(&self) -> Result<Vec<Arc<RoomInfo>>, StoreError>;

    /// The live rooms, with guests who were members.
    async fn live_rooms(&self) -> Result<Vec<StoredRoom>, StoreError>;

    /// Some of the rooms that have been empty since `before` and are not permanent; none: there are no more.
    async fn deserted(&self, before: ServerTime) -> Result<Vec<RoomId>, StoreError>;

    /// The last [`Write::Tick`]; before the first one, what is known of the time before.
    async fn noted_time(&self) -> Result<Noted, StoreError>;

    /// The guest whose secret has this hash, if it was seen after `since`.
    async fn guest(&self, secret: &SecretHash, since: ServerTime) -> Result<Option<Guest>, StoreError>;

    /// How far a room's log goes.
    async fn extent(&self, room: RoomId) -> Result<Extent, StoreError>;

    /// At most `limit` events after `after`, as many as fit into a frame, without holes, oldest first. Messages are as
    /// they are now; `viewer` is named among those who reacted.
    async fn after(
        &self,
        room: &RoomInfo,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Part<RoomEvent>, StoreError>;

    /// At most `limit` messages, as many as fit into a frame.
    async fn page(
        &self,
        room: &RoomInfo,
        at: PageAt,
        limit: u16,
        viewer: UserId,
    ) -> Result<LogPage, StoreError>;

    /// Those of these messages that there are, oldest first.
    async fn messages(
        &self,
        room: &RoomInfo,
        seqs: &[Seq],
        viewer: UserId,
    ) -> Result<Part<Posted>, StoreError>;

    /// Pinned messages of a room, oldest first.
    async fn pins(&self, room: &RoomInfo, side: Side, viewer: UserId) -> Result<Part<Posted>, StoreError>;

    /// At most `limit` messages after `after` that answer `target`, oldest first.
    async fn replies(
        &self,
        room: &RoomInfo,
        target: Seq,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Part<Posted>, StoreError>;

    /// Texts that a message had, the present one last; none if there is no such message or it was deleted.
    async fn versions(
        &self,
        room: &RoomInfo,
        target: Seq,
        side: Side,
    ) -> Result<Option<Part<Version>>, StoreError>;

    /// People after the place `after` who reacted to a message with `emoji`, in the order of reacting; none if there is
    /// no such message or it was deleted.
    async fn reactors(
        &self,
        room: &RoomInfo,
        target: Seq,
        emoji: &Emoji,
        after: Seq,
    ) -> Result<Option<Part<ReactorAt>>, StoreError>;

    /// A person's read mark in a room, if there is one.
    async fn read_mark(&self, room: RoomId, user: UserId) -> Result<Option<Seq>, StoreError>;

    /// What is unread for `user` after `read`, counted up to `end`.
    async fn unread(
        &self,
        room: RoomId,
        user: UserId,
        read: Seq,
        end: Seq,
    ) -> Result<UnreadCount, StoreError>;

    /// Takes the next piece of what was committed into the search index. Gives how many events are left, which may be
    /// none but chores; nothing: there is nothing left to be done.
    async fn index(&self) -> Result<Option<u64>, StoreError>;

    /// At most `limit` messages of rooms that are not deserted, as many as fit into a frame. What is deleted or edited
    /// is never found by its old text; what is not indexed yet is not found.
    async fn search(
        &self,
        query: &Query,
        cursor: Option<u64>,
        limit: u16,
        viewer: UserId,
    ) -> Result<SearchPage, StoreError>;

    /// Gives back a piece of the room on the disk that is no longer needed. False: there is nothing left to be done for
    /// now.
    async fn tidy(&self) -> Result<bool, StoreError>;

    /// Whether the store can be written to at the moment.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Ends every connection to the database, after what is under way.
    async fn close(&self);
}
