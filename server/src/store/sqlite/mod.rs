//! The log in one SQLite file: WAL, `synchronous=FULL`, one writer, a pool of readers.

mod read;
mod row;
mod write;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};
use async_trait::async_trait;
use shared::{Posted, Seq, Timestamp};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use tokio::sync::Mutex;

use super::{Guest, Outcome, SecretHash, Store, StoreError, StoredRoom, Write};
use crate::room::{RoomId, RoomInfo};

const FILE: &str = "hiroba.db";
const LOCK_FILE: &str = "hiroba.lock";
/// Readers at once; SQLite's readers never wait for the writer in WAL mode.
const READERS: u32 = 4;
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
    const FILES: [(i64, &str, &str); 1] = [(1, "log", include_str!("migrations/0001_log.sql"))];
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
    heads: Mutex<write::Heads>,
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
            .busy_timeout(BUSY_TIMEOUT);
        let writing =
            options.clone().auto_vacuum(SqliteAutoVacuum::Incremental).pragma("secure_delete", "ON");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(writing)
            .await
            .with_context(|| format!("cannot open the database {}", file.display()))?;
        migrations()
            .run(&writer)
            .await
            .with_context(|| format!("cannot bring {} up to date", file.display()))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await
            .with_context(|| format!("cannot read the database {}", file.display()))?;
        Ok(Self { writer, readers, heads: Mutex::default(), _lock: lock })
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
        result
    }

    async fn live_rooms(&self) -> Result<Vec<StoredRoom>, StoreError> {
        read::live_rooms(&self.readers).await
    }

    async fn guest(&self, secret: &SecretHash, since: Timestamp) -> Result<Option<Guest>, StoreError> {
        read::guest(&self.readers, secret, since).await
    }

    async fn head(&self, room: RoomId) -> Result<Seq, StoreError> {
        read::head(&self.readers, room).await
    }

    async fn after(&self, room: &RoomInfo, after: Seq, limit: u16) -> Result<Vec<Posted>, StoreError> {
        read::after(&self.readers, room, after, limit).await
    }

    async fn before(
        &self,
        room: &RoomInfo,
        before: Option<Seq>,
        limit: u16,
    ) -> Result<Vec<Posted>, StoreError> {
        read::before(&self.readers, room, before, limit).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        read::head(&self.readers, RoomId(0)).await.map(drop)
    }

    async fn close(&self) {
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
