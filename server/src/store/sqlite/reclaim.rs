//! Returns unneeded disk space to the file system: free pages in pieces, and the WAL once nobody writes. Writers never
//! wait for more than one piece.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use sqlx::Row;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::connections::Connections;
use crate::store::StoreError;

/// Vacuums 64 pages per transaction.
const PIECE: &str = "PRAGMA main.incremental_vacuum(64)";
/// Free pages kept for upcoming writes: 1 MiB.
const KEPT: i64 = 256;
/// Keeps one free page per this many pages in total, if that is more than [`KEPT`]: releasing pages and growing again
/// in turn would be wasted work.
const KEPT_IN: i64 = 16;

/// Reclaims the space of one database file.
pub(super) struct Reclaim {
    wal: PathBuf,
    /// Length and modification time of the WAL at the last check.
    seen: Mutex<Option<(u64, SystemTime)>>,
    /// Opened on demand.
    checkpoints: Connections,
}

impl Reclaim {
    /// Reclaims space of `file`, which `options` open.
    pub(super) fn new(file: &Path, options: SqliteConnectOptions) -> Self {
        let mut wal = file.as_os_str().to_owned();
        wal.push("-wal");
        // Never waits for a lock, so that nobody has to queue behind it.
        let checkpoints = Connections::new(1, options.busy_timeout(Duration::ZERO));
        Self { wal: wal.into(), seen: Mutex::default(), checkpoints }
    }

    /// Reclaims one piece. Returns `false` if there is nothing left to do for now.
    pub(super) async fn go_on(
        &self,
        readers: &Connections,
        writer: &Connections,
    ) -> Result<bool, StoreError> {
        if self.is_quiet() {
            self.empty_wal().await?;
        }
        if !readers.run(has_too_much).await? {
            return Ok(false);
        }
        writer.write(give_back).await?;
        readers.run(has_too_much).await
    }

    pub(super) async fn close(&self) {
        self.checkpoints.close().await;
    }

    /// Returns whether the WAL is not empty and has not been written since the last check.
    fn is_quiet(&self) -> bool {
        let now = self.wal.metadata().and_then(|wal| Ok((wal.len(), wal.modified()?))).ok();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = *seen == now && now.is_some_and(|(bytes, _)| bytes > 0);
        *seen = now;
        is_quiet
    }

    /// Checkpoints the WAL and truncates it.
    async fn empty_wal(&self) -> Result<(), StoreError> {
        // Not kept open: it is rarely needed.
        let mut connection = self.checkpoints.take().await?;
        // A passive checkpoint blocks nobody. Truncating does, but has nothing left to copy once every page is in its
        // place.
        let copied = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut *connection).await?;
        if copied.try_get::<i64, _>(1)? == copied.try_get::<i64, _>(2)? {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?;
        }
        Ok(())
    }
}

async fn has_too_much(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let query =
        sqlx::query("SELECT freelist_count, page_count FROM pragma_freelist_count, pragma_page_count");
    let row = query.fetch_one(connection).await?;
    let (free, all): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(free > KEPT.max(all / KEPT_IN))
}

async fn give_back(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(PIECE).execute(connection).await?;
    Ok(())
}
