//! The store in one SQLite file: WAL, `synchronous=FULL`, one writer, a pool of readers.

mod accounts;
mod administration;
mod ages;
mod archive;
mod audit;
mod authored;
mod bans;
mod change;
mod check;
mod chunks;
mod connections;
mod departures;
mod direct;
mod doors;
mod entrance;
mod files;
mod links;
mod lists;
mod lock;
mod log;
mod mail;
mod moderation;
mod names;
mod new_account;
mod page;
mod page_fill;
mod passwords;
mod people;
mod preferences;
mod priority;
mod private;
mod profiles;
mod reactions;
mod read;
mod reclaim;
mod remove;
mod reports;
mod room_links;
mod rooms;
mod row;
mod schema;
mod search;
mod sequences;
mod sessions;
mod write;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use shared::all_rooms::ListedRooms;
use shared::report::Report;
use shared::search::Query;
use shared::{
    Emoji, Posted, ReactorAt, Restriction, RoomEvent, Seq, Timestamp, UnreadCount, UserId, Version,
};
use sqlx::sqlite::{SqliteAutoVacuum, SqliteJournalMode, SqliteSynchronous};
use tokio::sync::Mutex;

use connections::Connections;
use lock::FolderLock;
use reclaim::Reclaim;

pub use archive::{Archive, Findings, Moment};
pub use files::{refuse_leftovers, remove};

use super::{
    At, AuditEntry, AuditFilter, Authored, Bond, Extent, LogPage, OpenReports, Outcome, Page, PageAt,
    PageCursor, ReportFilter, RoomLink, SearchIndex, SearchPage, SecretHash, ServerBan, Session, Store,
    StoreError, StoredRoom, Write, Written,
};
use crate::room::{RoomId, RoomInfo};
use crate::server_time::{Noted, ServerTime};
use crate::store::patience::patiently;

const FILE: &str = "hiroba.db";
/// The socket for orders of the operator, in the same folder.
pub const CONTROL_SOCKET: &str = "hiroba.sock";
/// The link of the first owner, while nobody has used it.
pub const OWNER_LINK: &str = "hiroba-owner-link";
/// The search index, which can be rebuilt.
const SEARCH_FILE: &str = "hiroba-search.db";
/// Concurrent readers; in WAL mode they never wait for the writer.
const READERS: u32 = 4;
/// WAL pages after which a checkpoint runs: 16 MiB. Pages that many commits change are written back only once.
const CHECKPOINT_PAGES: &str = "4000";
/// Size in bytes to which the WAL is truncated when it restarts, so that a long-running reader beside many writers does
/// not leave it large forever. Enough for the pages above.
const WAL_BYTES: &str = "16777216";
/// How long to wait for a lock of another process (a backup).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The store in a data folder.
pub struct SqliteStore {
    writer: Connections,
    readers: Connections,
    /// The writer's view of the ends of the logs. Locked for a whole commit: there is one writer.
    sequences: Mutex<sequences::SequenceAllocator>,
    search: search::Search,
    reclaim: Reclaim,
    lock: FolderLock,
}

impl SqliteStore {
    /// Whether there is a database in `folder`.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Opens or creates the database in `folder` and migrates its tables.
    ///
    /// # Errors
    /// The folder cannot be created or written, or the file is not a database of ours.
    pub async fn open(folder: &Path) -> anyhow::Result<Self> {
        tokio::fs::create_dir_all(folder)
            .await
            .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
        let lock = FolderLock::take(folder)?;
        private::make_private(folder);
        let file = folder.join(FILE);
        if !file.exists() {
            refuse_leftovers(&file)?;
        }
        let options = files::options(&file)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            .pragma("journal_size_limit", WAL_BYTES)
            .busy_timeout(BUSY_TIMEOUT);
        let reclaim = Reclaim::new(&file, options.clone());
        let writing =
            options.clone().auto_vacuum(SqliteAutoVacuum::Incremental).pragma("secure_delete", "ON");
        let (writer, readers) =
            (Connections::new(1, writing), Connections::new(READERS, options.read_only(true)));
        if let Err(error) = patiently(|| schema::migrate(&writer), check::may_pass).await {
            if check::is_damage(&error) {
                return Err(check::damaged(&file, error.root_cause()));
            }
            return Err(error.context(format!("cannot open the database {}", file.display())));
        }
        let search = search::Search::new(folder.join(SEARCH_FILE), file);
        Ok(Self { writer, readers, sequences: Mutex::default(), search, reclaim, lock })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: &[Write]) -> Result<Vec<Outcome>, StoreError> {
        let mut sequences = self.sequences.lock().await;
        // Taken out, so that positions allocated by a failed or cancelled transaction are discarded.
        let mut known = std::mem::take(&mut *sequences);
        let done = self.writer.write(async |writer| write::commit(writer, &mut known, batch).await).await?;
        *sequences = known;
        self.search.forget(&done.removed);
        Ok(done.outcomes)
    }

    async fn rooms(&self) -> Result<Vec<Arc<RoomInfo>>, StoreError> {
        self.readers.run(async |reader| read::rooms(reader).await).await
    }

    async fn listed_rooms(&self, after: &str, limit: u16) -> Result<ListedRooms, StoreError> {
        self.readers.run(async |reader| administration::rooms(reader, after, limit).await).await
    }

    async fn written(&self, room: &RoomInfo, user: UserId, after: Seq) -> Result<Written, StoreError> {
        self.readers.run(async |reader| departures::written(reader, room, user, after).await).await
    }

    async fn bonds(&self, user: UserId) -> Result<Vec<Bond>, StoreError> {
        self.readers.run(async |reader| authored::bonds(reader, user).await).await
    }

    async fn authored(&self, room: &RoomInfo, user: UserId, after: Seq) -> Result<Authored, StoreError> {
        self.readers.read(async |reader| authored::authored(reader, room, user, after).await).await
    }

    async fn live_rooms(&self) -> Result<Vec<StoredRoom>, StoreError> {
        self.readers.read(async |reader| read::live_rooms(reader).await).await
    }

    async fn deserted(&self, before: ServerTime) -> Result<Vec<RoomId>, StoreError> {
        self.readers.run(async |reader| read::deserted(reader, before).await).await
    }

    async fn noted_time(&self) -> Result<Noted, StoreError> {
        self.readers.run(async |reader| ages::noted(reader).await).await
    }

    async fn session(&self, secret: &SecretHash, since: ServerTime) -> Result<Option<Session>, StoreError> {
        self.readers.run(async |reader| people::session(reader, secret, since).await).await
    }

    async fn extent(&self, room: RoomId) -> Result<Extent, StoreError> {
        self.readers.run(async |reader| log::extent(reader, room).await).await
    }

    async fn after(
        &self,
        room: &RoomInfo,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Page<RoomEvent>, StoreError> {
        self.readers.run(async |reader| log::after(reader, room, after, limit, viewer).await).await
    }

    async fn page(
        &self,
        room: &RoomInfo,
        at: PageAt,
        limit: u16,
        viewer: UserId,
    ) -> Result<LogPage, StoreError> {
        self.readers.read(async |reader| page::page(reader, room, at, limit, viewer).await).await
    }

    async fn messages(
        &self,
        room: &RoomInfo,
        seqs: &[Seq],
        viewer: UserId,
    ) -> Result<Page<Posted>, StoreError> {
        self.readers.read(async |reader| lists::messages(reader, room, seqs, viewer).await).await
    }

    async fn pins(
        &self,
        room: &RoomInfo,
        cursor: PageCursor,
        viewer: UserId,
    ) -> Result<Page<Posted>, StoreError> {
        self.readers.read(async |reader| lists::pins(reader, room, cursor, viewer).await).await
    }

    async fn replies(
        &self,
        room: &RoomInfo,
        target: Seq,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Page<Posted>, StoreError> {
        self.readers
            .read(async |reader| lists::replies(reader, room, target, after, limit, viewer).await)
            .await
    }

    async fn versions(
        &self,
        room: &RoomInfo,
        target: Seq,
        cursor: PageCursor,
    ) -> Result<Option<Page<Version>>, StoreError> {
        self.readers.read(async |reader| lists::versions(reader, room, target, cursor).await).await
    }

    async fn reactors(
        &self,
        room: &RoomInfo,
        target: Seq,
        emoji: &Emoji,
        after: Seq,
    ) -> Result<Option<Page<ReactorAt>>, StoreError> {
        let message = row::event_id(room.id, target);
        self.readers.read(async |reader| reactions::reactors(reader, message, emoji, after).await).await
    }

    async fn is_member(&self, room: RoomId, user: UserId) -> Result<bool, StoreError> {
        self.readers.run(async |reader| doors::is_member(reader, room, user).await).await
    }

    async fn restrictions(&self, at: Timestamp) -> Result<Vec<(RoomId, Restriction)>, StoreError> {
        self.readers.run(async |reader| moderation::restrictions(reader, at).await).await
    }

    async fn bans(&self, at: Timestamp) -> Result<Vec<ServerBan>, StoreError> {
        self.readers.run(async |reader| bans::bans(reader, at).await).await
    }

    async fn audit(
        &self,
        of: &AuditFilter,
        before: Option<u64>,
        limit: u16,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.readers.run(async |reader| audit::entries(reader, of, before, limit).await).await
    }

    async fn reports(
        &self,
        of: ReportFilter,
        before: Option<u64>,
        limit: u16,
    ) -> Result<Vec<Report>, StoreError> {
        self.readers.run(async |reader| reports::page(reader, of, before, limit).await).await
    }

    async fn reports_by(&self, user: UserId) -> Result<Vec<Report>, StoreError> {
        self.readers.run(async |reader| reports::by(reader, user).await).await
    }

    async fn report_room(&self, id: u64) -> Result<Option<Arc<RoomInfo>>, StoreError> {
        self.readers.run(async |reader| reports::room(reader, id).await).await
    }

    async fn open_reports(&self) -> Result<Vec<OpenReports>, StoreError> {
        self.readers.run(async |reader| reports::open(reader).await).await
    }

    async fn room_link(&self, secret: &SecretHash, at: At) -> Result<Option<RoomLink>, StoreError> {
        self.readers.run(async |reader| room_links::find(reader, secret, at).await).await
    }

    async fn room_links(&self, room: RoomId, at: At) -> Result<Vec<RoomLink>, StoreError> {
        self.readers.run(async |reader| room_links::into(reader, room, at).await).await
    }

    async fn room_links_of(&self, user: UserId, at: At) -> Result<Vec<RoomLink>, StoreError> {
        self.readers.run(async |reader| room_links::of(reader, user, at).await).await
    }

    async fn read_mark(&self, room: RoomId, user: UserId) -> Result<Option<Seq>, StoreError> {
        self.readers.run(async |reader| read::read_mark(reader, room, user).await).await
    }

    async fn unread(
        &self,
        room: RoomId,
        user: UserId,
        read: Seq,
        end: Seq,
    ) -> Result<UnreadCount, StoreError> {
        self.readers.run(async |reader| log::unread(reader, room, user, read, end).await).await
    }

    async fn reclaim(&self) -> Result<bool, StoreError> {
        // Tries both before it reports an error: one may lack the disk space for it while the other does not.
        let log = self.reclaim.go_on(&self.readers, &self.writer).await;
        let index = self.search.reclaim().await;
        Ok(log? | index?)
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.lock
            .has_room()
            .await
            .context("there is no room on the disk")
            .map_err(StoreError::Unavailable)?;
        self.extent(RoomId(0)).await.map(drop)
    }

    async fn close(&self) {
        self.search.close().await;
        self.reclaim.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt(error.into()),
            other => match anyhow::Error::from(other) {
                damage if check::is_damage(&damage) => Self::Corrupt(damage),
                error => Self::Unavailable(error),
            },
        }
    }
}

#[async_trait]
impl SearchIndex for SqliteStore {
    async fn follow(&self) -> Result<Option<u64>, StoreError> {
        self.search.follow().await
    }

    async fn search(
        &self,
        query: &Query,
        cursor: Option<u64>,
        limit: u16,
        viewer: UserId,
    ) -> Result<SearchPage, StoreError> {
        self.search.search(query, cursor, limit, viewer).await
    }
}
