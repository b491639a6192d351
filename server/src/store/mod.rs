//! The port to whatever keeps the rooms' logs, and what it promises.
//!
//! The store alone gives out `seq`: 1, 2, 3 … per room without holes, inside the transaction that makes the event
//! durable. When [`Store::commit`] has returned, its batch survives a crash of the machine.

pub mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;
use shared::search::Query;
use shared::{
    Action, Changed, ClientMessageId, Epoch, ErrorCode, Mentions, MessageId, MessageText, Posted, RoomEvent,
    RoomName, Seq, Timestamp, UnreadCount, UserId, UserName, Version,
};

use crate::room::{RoomId, RoomInfo};

/// Who does something, and their own name for it.
#[derive(Debug, Clone)]
pub struct Author {
    /// The person.
    pub id: UserId,
    /// Their name.
    pub name: UserName,
    /// Their own name for it: with the author unique over messages and changes, as long as they are kept.
    pub client_message_id: Option<ClientMessageId>,
}

/// A message that is to get its place in a room's log.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// The room.
    pub room: Arc<RoomInfo>,
    /// Who writes.
    pub author: Author,
    /// The name the message gets if it is new.
    pub message_id: MessageId,
    /// The text.
    pub content: MessageText,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    /// Whom it calls.
    pub mentions: Mentions,
    /// When it came in.
    pub timestamp: Timestamp,
}

/// A change of a message that is to get its place in a room's log.
#[derive(Debug, Clone)]
pub struct NewChange {
    /// The room.
    pub room: Arc<RoomInfo>,
    /// Who changes.
    pub author: Author,
    /// The message.
    pub target: Seq,
    /// What is to be done.
    pub action: Action,
    /// Whom an edited text calls.
    pub mentions: Mentions,
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
    /// A change of a message.
    Change(NewChange),
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
    /// A guest is a member of a room, or is no longer.
    SetMember {
        /// The room.
        room: RoomId,
        /// Who.
        guest: UserId,
        /// Whether they are.
        member: bool,
    },
    /// A guest's read mark.
    SetRead {
        /// The room.
        room: RoomId,
        /// Who.
        guest: UserId,
        /// Everything up to here is read.
        read: Seq,
    },
    /// Removes messages of a room that are older than `before`, at most so many that others need not wait.
    Trim {
        /// The room.
        room: Arc<RoomInfo>,
        /// The first moment that is kept.
        before: Timestamp,
        /// Now.
        at: Timestamp,
    },
    /// Removes the log of one room that has been empty since `before`, at most so much that others need not wait.
    Purge {
        /// Rooms that were empty then and ever since.
        before: Timestamp,
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
    /// The change has its place.
    Changed(Changed, MessageId),
    /// It was stored before; this is the change as it stands.
    RepeatedChange(Changed, MessageId),
    /// The message is so already.
    Unchanged {
        /// The message.
        message_id: MessageId,
        /// The last event that made it so.
        seq: Seq,
    },
    /// It may not be done.
    Refused(ErrorCode),
    /// The room, made or found.
    Room(Arc<RoomInfo>),
    /// Something old is gone.
    Removed(Removed),
    /// Done.
    Done,
}

/// Part of a log that is gone.
#[derive(Debug, Clone, Default)]
pub struct Removed {
    /// The places of the messages in the order of the whole log ([`Store::search`]).
    pub commits: Vec<u64>,
    /// How the room's log tells of it, if the room still has one.
    pub trimmed: Option<Changed>,
    /// Whether there is more to be removed.
    pub more: bool,
}

/// A room, and its members as they were when the server stopped, with their read marks.
pub type StoredRoom = (Arc<RoomInfo>, Vec<(UserId, UserName, Option<Seq>)>);

/// How far a room's log goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// The last event; 0 if there is none.
    pub head: Seq,
    /// Everything up to here was removed by age.
    pub horizon: Seq,
}

/// Which page of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageAt {
    /// The latest messages.
    Latest,
    /// Those before this place.
    Before(Seq),
    /// Those after this place.
    After(Seq),
    /// Half of them before this place, the others from it on.
    Around(Seq),
}

/// A page of history: every message after `start` up to `end`, as it is now, read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The place before the first message; 0 when there is none before.
    pub start: Seq,
    /// The last place that the page tells of.
    pub end: Seq,
    /// Oldest first.
    pub messages: Vec<Posted>,
    /// Whether there are further ones in the direction asked for; around a place: newer ones.
    pub more: bool,
}

/// A page of what a search found, newest first, read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// The messages as they are now, with the epochs of their rooms.
    pub hits: Vec<(Epoch, Posted)>,
    /// Where the next page begins; none: there is none.
    pub cursor: Option<u64>,
}

/// What a message takes on the wire, in bytes, roughly.
pub fn wire_size(posted: &Posted) -> usize {
    const MESSAGE: usize = 400;
    const REACTOR: usize = 110;
    let reactors: usize = posted.reactions.iter().map(|reaction| reaction.users.len() + 1).sum();
    posted.content.as_ref().map_or(0, |text| text.as_str().len()) + MESSAGE + reactors * REACTOR
}

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

    /// The guest whose secret has this hash, if it was seen after `since`.
    async fn guest(&self, secret: &SecretHash, since: Timestamp) -> Result<Option<Guest>, StoreError>;

    /// How far a room's log goes.
    async fn extent(&self, room: RoomId) -> Result<Extent, StoreError>;

    /// At most `limit` events after `after`, without holes, oldest first. Messages are as they are now; `viewer` is
    /// named among those who reacted.
    async fn after(
        &self,
        room: &RoomInfo,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Vec<RoomEvent>, StoreError>;

    /// At most `limit` messages, with about as many bytes of text as fit into a frame.
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
    ) -> Result<Vec<Posted>, StoreError>;

    /// The pinned messages of a room, oldest first.
    async fn pins(&self, room: &RoomInfo, viewer: UserId) -> Result<Vec<Posted>, StoreError>;

    /// At most `limit` messages after `after` that answer `target`, oldest first.
    async fn replies(
        &self,
        room: &RoomInfo,
        target: Seq,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Vec<Posted>, StoreError>;

    /// The texts that a message had, the present one last; none if there is no such message or it was deleted.
    async fn versions(&self, room: &RoomInfo, target: Seq) -> Result<Vec<Version>, StoreError>;

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

    /// Takes the next piece of what was committed into the search index. False: nothing is left to be taken.
    async fn index(&self) -> Result<bool, StoreError>;

    /// At most `limit` messages of rooms that are not deserted, as many as fit into a frame. What is deleted or edited
    /// is never found by its old text; what is not indexed yet is not found.
    async fn search(
        &self,
        query: &Query,
        cursor: Option<u64>,
        limit: u16,
        viewer: UserId,
    ) -> Result<SearchPage, StoreError>;

    /// Whether the store can be written to at the moment.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Ends every connection to the database, after what is under way.
    async fn close(&self);
}
