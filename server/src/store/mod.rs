//! The port to the store of the rooms' logs, and its guarantees.
//!
//! Only the store assigns `seq`: 1, 2, 3 … per room without gaps, inside the transaction that makes the event durable.
//! Once [`Store::commit`] has returned, its batch survives a crash of the machine.

mod accounts;
mod audit;
mod authored;
mod ban;
mod page;
pub(crate) mod patience;
mod preferences;
mod report;
mod room_link;
mod search;
pub mod sqlite;
mod user;
pub mod wire_size;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use shared::all_rooms::ListedRooms;
use shared::report::Report;
use shared::{
    Emoji, Posted, ReactorAt, Restriction, RoomEvent, Seq, Timestamp, UnreadCount, UserId, Version,
};

pub use accounts::{
    Account, AccountStore, AccountSummary, At, Departed, Device, FormerName, Link, LinkKind, NewSession,
    NotCreated, NotRenamed, OpenSession, RefreshHashes, Rotation, RotationTimes, SigningKey, Still,
};
pub use audit::{Act, AuditEntry, AuditFilter, Decision};
pub use authored::{Authored, AuthoredEvent, Bond};
pub use ban::{NewServerBan, ServerBan};
pub use page::{Extent, LogPage, Page, PageAt, PageCursor, Written};
pub use preferences::{Preference, PreferenceStore, Preferred};
pub use report::{About, NewReport, OpenReports, ReportFilter, ResolvedReport};
pub use room_link::{RoomLink, RoomLinkUse};
pub use search::{SearchIndex, SearchPage};
pub use user::{Member, SecretHash, Session, User};
pub use write::{
    Author, MembershipChange, NewChange, NewDetails, NewMembership, NewPost, NewPrivateRoom, NewRestriction,
    Outcome, Removed, RestrictionChange, Write,
};

use crate::room::{RoomId, RoomInfo};
use crate::server_time::{Noted, ServerTime};

/// A room with its members at the time the server stopped.
pub type StoredRoom = (Arc<RoomInfo>, Vec<Member>);

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer or could not write (full disk); may be retried.
    #[error("the database cannot be used at the moment")]
    Unavailable(#[source] anyhow::Error),
    /// The database holds something that this version does not understand.
    #[error("the database holds something unexpected")]
    Corrupt(#[source] anyhow::Error),
}

/// Storage of the rooms' logs. An adapter is complete when `tests/contract` passes on it unchanged.
#[async_trait]
pub trait Store: Send + Sync {
    /// Makes a batch durable in one transaction, in order, with one outcome per write. A refused write (a repeated id)
    /// does not fail the others.
    ///
    /// # Errors
    /// Nothing of the batch was stored.
    async fn commit(&self, batch: &[Write]) -> Result<Vec<Outcome>, StoreError>;

    /// Returns every room that has a log.
    async fn rooms(&self) -> Result<Vec<Arc<RoomInfo>>, StoreError>;

    /// Returns at most `limit` public rooms after the name `after`, by name, and how many other rooms there are.
    async fn listed_rooms(&self, after: &str, limit: u16) -> Result<ListedRooms, StoreError>;

    /// Returns messages of somebody in a room that are not deleted: some of those after `after`.
    async fn written(&self, room: &RoomInfo, user: UserId, after: Seq) -> Result<Written, StoreError>;

    /// Returns the rooms that somebody is a member of or has a read mark in.
    async fn bonds(&self, user: UserId) -> Result<Vec<Bond>, StoreError>;

    /// Returns events by somebody in a room: some of those after `after`. Nothing if the room has gone.
    async fn authored(&self, room: &RoomInfo, user: UserId, after: Seq) -> Result<Authored, StoreError>;

    /// Returns the live rooms, with their members.
    async fn live_rooms(&self) -> Result<Vec<StoredRoom>, StoreError>;

    /// Returns some of the rooms that have been empty since `before` and are not permanent; empty when there are no
    /// more.
    async fn deserted(&self, before: ServerTime) -> Result<Vec<RoomId>, StoreError>;

    /// Returns the last [`Write::Tick`]; before the first one, the latest time known from earlier data.
    async fn noted_time(&self) -> Result<Noted, StoreError>;

    /// Returns the guest's session whose secret has this hash, if the guest was seen after `since`.
    async fn session(&self, secret: &SecretHash, since: ServerTime) -> Result<Option<Session>, StoreError>;

    /// Returns the extent of a room's log.
    async fn extent(&self, room: RoomId) -> Result<Extent, StoreError>;

    /// Returns at most `limit` events after `after`, as many as fit into a frame, without gaps, oldest first. Messages
    /// are in their present state; `viewer` is always listed among those who reacted.
    async fn after(
        &self,
        room: &RoomInfo,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Page<RoomEvent>, StoreError>;

    /// Returns a page of at most `limit` messages, as many as fit into a frame.
    async fn page(
        &self,
        room: &RoomInfo,
        at: PageAt,
        limit: u16,
        viewer: UserId,
    ) -> Result<LogPage, StoreError>;

    /// Returns those of the messages `seqs` that exist, oldest first.
    async fn messages(
        &self,
        room: &RoomInfo,
        seqs: &[Seq],
        viewer: UserId,
    ) -> Result<Page<Posted>, StoreError>;

    /// Returns pinned messages of a room, oldest first.
    async fn pins(
        &self,
        room: &RoomInfo,
        cursor: PageCursor,
        viewer: UserId,
    ) -> Result<Page<Posted>, StoreError>;

    /// Returns at most `limit` replies to `target` after `after`, oldest first.
    async fn replies(
        &self,
        room: &RoomInfo,
        target: Seq,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Page<Posted>, StoreError>;

    /// Returns the versions of a message's text, the present one last; `None` if the message does not exist or was
    /// deleted.
    async fn versions(
        &self,
        room: &RoomInfo,
        target: Seq,
        cursor: PageCursor,
    ) -> Result<Option<Page<Version>>, StoreError>;

    /// Returns users who reacted to a message with `emoji` after the seq `after`, in the order of their reactions;
    /// `None` if the message does not exist or was deleted.
    async fn reactors(
        &self,
        room: &RoomInfo,
        target: Seq,
        emoji: &Emoji,
        after: Seq,
    ) -> Result<Option<Page<ReactorAt>>, StoreError>;

    /// Whether somebody is a member of a private room at present, by its log.
    async fn is_member(&self, room: RoomId, user: UserId) -> Result<bool, StoreError>;

    /// Returns the bans and mutes that are in force at this time.
    async fn restrictions(&self, at: Timestamp) -> Result<Vec<(RoomId, Restriction)>, StoreError>;

    /// Returns the bans from the server that are in force at this time, the oldest first.
    async fn bans(&self, at: Timestamp) -> Result<Vec<ServerBan>, StoreError>;

    /// Returns at most `limit` entries of the audit log with ids below `before`, the newest first.
    async fn audit(
        &self,
        of: &AuditFilter,
        before: Option<u64>,
        limit: u16,
    ) -> Result<Vec<AuditEntry>, StoreError>;

    /// Returns at most `limit` reports with ids below `before`, the newest first.
    async fn reports(
        &self,
        of: ReportFilter,
        before: Option<u64>,
        limit: u16,
    ) -> Result<Vec<Report>, StoreError>;

    /// Returns the reports that somebody made, oldest first.
    async fn reports_by(&self, user: UserId) -> Result<Vec<Report>, StoreError>;

    /// Returns the room of a report.
    async fn report_room(&self, id: u64) -> Result<Option<Arc<RoomInfo>>, StoreError>;

    /// Returns the rooms with open reports.
    async fn open_reports(&self) -> Result<Vec<OpenReports>, StoreError>;

    /// Returns the link into a room with this secret that has not ended.
    async fn room_link(&self, secret: &SecretHash, at: At) -> Result<Option<RoomLink>, StoreError>;

    /// Returns the links into a room that have not ended, the newest first.
    async fn room_links(&self, room: RoomId, at: At) -> Result<Vec<RoomLink>, StoreError>;

    /// Returns the links into rooms that somebody has made and that have not ended.
    async fn room_links_of(&self, user: UserId, at: At) -> Result<Vec<RoomLink>, StoreError>;

    /// Returns a user's read mark in a room, if there is one.
    async fn read_mark(&self, room: RoomId, user: UserId) -> Result<Option<Seq>, StoreError>;

    /// Counts what is unread for `user` after `read`, up to and including `end`.
    async fn unread(
        &self,
        room: RoomId,
        user: UserId,
        read: Seq,
        end: Seq,
    ) -> Result<UnreadCount, StoreError>;

    /// Returns a piece of unneeded disk space to the file system. `false`: nothing is left to do for now.
    async fn reclaim(&self) -> Result<bool, StoreError>;

    /// Checks that the store can be written to at the moment.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Closes every connection to the database, after the work in progress.
    async fn close(&self);
}
