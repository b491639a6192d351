//! Room on the disk that is no longer needed goes back to it: free pages in pieces, and the write-ahead log once
//! nobody writes. Whoever writes never waits for more than one piece.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use sqlx::Row;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::connections::Connections;
use crate::store::StoreError;

/// Pages given back in one transaction.
const PIECE: &str = "PRAGMA main.incremental_vacuum(64)";
/// So many free pages are kept for what is written next: 1 MiB.
const KEPT: i64 = 256;
/// Or a page for so many in use: giving back and growing again by turns would be work for nothing.
const KEPT_IN: i64 = 16;

/// What of one database file goes back.
pub(super) struct Upkeep {
    wal: PathBuf,
    /// The write-ahead log when it was looked at last.
    seen: Mutex<Option<(u64, SystemTime)>>,
    /// Opened when there is something to do.
    checkpoints: Connections,
}

impl Upkeep {
    /// Of the file that `options` open.
    pub(super) fn new(file: &Path, options: SqliteConnectOptions) -> Self {
        let mut wal = file.as_os_str().to_owned();
        wal.push("-wal");
        // It never waits for a lock, so that nobody has to wait behind it.
        let checkpoints = Connections::new(1, options.busy_timeout(Duration::ZERO));
        Self { wal: wal.into(), seen: Mutex::default(), checkpoints }
    }

    /// Does a piece. False: there is nothing more to do for now.
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

    /// Whether nothing was written since the last look, and there is something to empty.
    fn is_quiet(&self) -> bool {
        let now = self.wal.metadata().and_then(|wal| Ok((wal.len(), wal.modified()?))).ok();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = *seen == now && now.is_some_and(|(bytes, _)| bytes > 0);
        *seen = now;
        is_quiet
    }

    /// Writes what is in the write-ahead log to its place, and makes it empty.
    async fn empty_wal(&self) -> Result<(), StoreError> {
        // Not kept: it is needed rarely.
        let mut connection = self.checkpoints.take().await?;
        // Copying stops nobody. Emptying does, and is nothing but that when everything is in its place.
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
