//! The log in one SQLite file: WAL, `synchronous=FULL`, one writer, a pool of readers.

mod archive;
mod change;
mod check;
mod chunks;
mod heads;
mod log;
mod page;
mod people;
mod priority;
mod read;
mod remove;
mod row;
mod search;
mod write;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use async_trait::async_trait;
use shared::search::Query;
use shared::{Posted, RoomEvent, Seq, Timestamp, UnreadCount, UserId, Version};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use tokio::sync::Mutex;

pub use archive::{Archive, Findings, Moment};

use super::{
    Extent, Guest, LogPage, Outcome, PageAt, SearchPage, SecretHash, Store, StoreError, StoredRoom, Write,
};
use crate::room::{RoomId, RoomInfo};

const FILE: &str = "hiroba.db";
/// The search index, which can be made again.
const SEARCH_FILE: &str = "hiroba-search.db";
const LOCK_FILE: &str = "hiroba.lock";
/// Readers at once; SQLite's readers never wait for the writer in WAL mode.
const READERS: u32 = 4;
/// Pages of the write-ahead log after which they are written to their places: 16 MiB. Pages that many commits change
/// get there once.
const CHECKPOINT_PAGES: &str = "4000";
/// How long a lock of another process (a backup) is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Two servers on one folder would give out the same `seq` twice.
fn lock(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join(LOCK_FILE);
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another Hiroba is using the data folder {}; stop it, or choose another folder with --data-dir",
            folder.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Every change of the tables since the first release, in order. What was released is never edited.
fn migrations() -> Migrator {
    const FILES: [(i64, &str, &str); 2] = [
        (1, "log", include_str!("migrations/0001_log.sql")),
        (2, "life", include_str!("migrations/0002_life.sql")),
    ];
    let migrations = FILES.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.into())
}

/// The store in a folder of its own.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    /// What the writer knows of the logs' ends. Held for a whole commit: there is one writer.
    heads: Mutex<heads::Heads>,
    search: search::Search,
    /// Held as long as the store is open.
    _lock: File,
}

impl SqliteStore {
    /// Opens or makes the database in `folder` and brings its tables up to date.
    ///
    /// # Errors
    /// The folder cannot be made or written, or the database is not ours.
    pub async fn open(folder: &Path) -> anyhow::Result<Self> {
        tokio::fs::create_dir_all(folder)
            .await
            .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
        let lock = lock(folder)?;
        let file = folder.join(FILE);
        let options = SqliteConnectOptions::from_str("sqlite://")?
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            .busy_timeout(BUSY_TIMEOUT);
        let writing =
            options.clone().auto_vacuum(SqliteAutoVacuum::Incremental).pragma("secure_delete", "ON");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(writing)
            .await
            .with_context(|| format!("cannot open the database {}", file.display()))?;
        migrations()
            .run(&writer)
            .await
            .with_context(|| format!("cannot bring {} up to date", file.display()))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            // There is no line that could have broken: asking would double the way of every short read.
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await
            .with_context(|| format!("cannot read the database {}", file.display()))?;
        let search = search::Search::open(folder.join(SEARCH_FILE), file).await?;
        Ok(Self { writer, readers, heads: Mutex::default(), search, _lock: lock })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: &[Write]) -> Result<Vec<Outcome>, StoreError> {
        let mut heads = self.heads.lock().await;
        let result = write::commit(&self.writer, &mut heads, batch).await;
        if result.is_err() {
            // What was given out in the failed transaction does not count.
            heads.forget();
        }
        for outcome in result.iter().flatten() {
            if let Outcome::Removed(removed) = outcome {
                self.search.forget(&removed.commits);
            }
        }
        result
    }

    async fn rooms(&self) -> Result<Vec<Arc<RoomInfo>>, StoreError> {
        read::rooms(&mut *self.readers.acquire().await?).await
    }

    async fn live_rooms(&self) -> Result<Vec<StoredRoom>, StoreError> {
        read::live_rooms(&self.readers).await
    }

    async fn guest(&self, secret: &SecretHash, since: Timestamp) -> Result<Option<Guest>, StoreError> {
        read::guest(&self.readers, secret, since).await
    }

    async fn extent(&self, room: RoomId) -> Result<Extent, StoreError> {
        log::extent(&mut *self.readers.acquire().await?, room).await
    }

    async fn after(
        &self,
        room: &RoomInfo,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Vec<RoomEvent>, StoreError> {
        log::after(&mut *self.readers.acquire().await?, room, after, limit, viewer).await
    }

    async fn page(
        &self,
        room: &RoomInfo,
        at: PageAt,
        limit: u16,
        viewer: UserId,
    ) -> Result<LogPage, StoreError> {
        page::page(&mut *self.readers.begin().await?, room, at, limit, viewer).await
    }

    async fn messages(
        &self,
        room: &RoomInfo,
        seqs: &[Seq],
        viewer: UserId,
    ) -> Result<Vec<Posted>, StoreError> {
        log::messages(&mut *self.readers.begin().await?, room, seqs, viewer).await
    }

    async fn pins(&self, room: &RoomInfo, viewer: UserId) -> Result<Vec<Posted>, StoreError> {
        log::pins(&mut *self.readers.begin().await?, room, viewer).await
    }

    async fn replies(
        &self,
        room: &RoomInfo,
        target: Seq,
        after: Seq,
        limit: u16,
        viewer: UserId,
    ) -> Result<Vec<Posted>, StoreError> {
        log::replies(&mut *self.readers.begin().await?, room, target, after, limit, viewer).await
    }

    async fn versions(&self, room: &RoomInfo, target: Seq) -> Result<Vec<Version>, StoreError> {
        log::versions(&mut *self.readers.acquire().await?, room, target).await
    }

    async fn read_mark(&self, room: RoomId, user: UserId) -> Result<Option<Seq>, StoreError> {
        read::read_mark(&self.readers, room, user).await
    }

    async fn unread(
        &self,
        room: RoomId,
        user: UserId,
        read: Seq,
        end: Seq,
    ) -> Result<UnreadCount, StoreError> {
        log::unread(&mut *self.readers.acquire().await?, room, user, read, end).await
    }

    async fn index(&self) -> Result<Option<u64>, StoreError> {
        self.search.index().await
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

    async fn ready(&self) -> Result<(), StoreError> {
        self.extent(RoomId(0)).await.map(drop)
    }

    async fn close(&self) {
        self.search.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt(error.into()),
            other => Self::Unavailable(other.into()),
        }
    }
}
