//! The search index, in a file of its own beside the log, so that indexing never takes the lock of the log's writer.
//! It holds nothing that the log does not: a file that is missing, broken or of another log is made anew.

mod candidates;
mod follow;
mod forget;
mod page;
mod rewrite;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use shared::UserId;
use shared::search::Query;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use tokio::sync::RwLock;

use super::priority;
use crate::store::{SearchPage, StoreError};
use forget::Forgotten;
use rewrite::Rewriting;

/// Searches at once.
const READERS: u32 = 2;

/// The thread that writes the index: it takes what the others leave of a busy processor. At most 15 bytes.
const FOLLOWER: &str = "hiroba-index";

/// Another number makes every index anew: the tables or the terms are others.
const VERSION: i64 = 1;

/// A document for each message that is not deleted: `rowid` is its `commit_no`, `terms` come from
/// [`shared::search::document_terms`] and are taken as they are. `position` tells up to where the log is in here.
const TABLES: &str = "
    CREATE VIRTUAL TABLE IF NOT EXISTS docs USING fts5(
        terms, content='', contentless_delete=1, detail=none, tokenize=\"ascii tokenchars '_'\");
    CREATE TABLE IF NOT EXISTS position (log_id TEXT NOT NULL, version INTEGER NOT NULL, commit_no INTEGER NOT NULL);
";

/// The index of one log.
pub(super) struct Search {
    file: PathBuf,
    log: PathBuf,
    pools: RwLock<Pools>,
    forgotten: Forgotten,
    rewriting: Rewriting,
}

/// Connections to the index, with the log attached for reading.
struct Pools {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Search {
    /// Opens the index in `file` of the log in the file `log`.
    pub(super) async fn open(file: PathBuf, log: PathBuf) -> anyhow::Result<Self> {
        let pools = match Pools::open(&file, &log).await {
            Err(error) if is_broken(&error) => {
                remove(&file).await?;
                Pools::open(&file, &log).await
            }
            opened => opened,
        };
        let pools = pools.with_context(|| format!("cannot open the search index {}", file.display()))?;
        let (forgotten, rewriting) = (Forgotten::default(), Rewriting::default());
        Ok(Self { file, log, pools: RwLock::new(pools), forgotten, rewriting })
    }

    /// Takes the next piece of the log into the index. Gives how many events are left; nothing: there is nothing left
    /// to be done.
    pub(super) async fn index(&self) -> Result<Option<u64>, StoreError> {
        let result = self.take_next().await;
        self.heal(result).await
    }

    async fn take_next(&self) -> Result<Option<u64>, StoreError> {
        let pools = self.pools.read().await;
        let left_to_remove = self.forgotten.remove(&pools.writer).await?;
        let left = follow::follow(&pools.writer).await?;
        if left > 0 || left_to_remove {
            return Ok(Some(left));
        }
        Ok(self.rewriting.go_on(&pools.writer).await?.then_some(0))
    }

    /// These messages are gone from the log.
    pub(super) fn forget(&self, commits: &[u64]) {
        self.forgotten.add(commits);
    }

    /// A page of what a query finds.
    pub(super) async fn search(
        &self,
        query: &Query,
        cursor: Option<u64>,
        limit: u16,
        viewer: UserId,
    ) -> Result<SearchPage, StoreError> {
        let result = {
            let pools = self.pools.read().await;
            page::page(&pools.readers, query, cursor, limit, viewer).await
        };
        self.heal(result).await
    }

    pub(super) async fn close(&self) {
        self.pools.read().await.close().await;
    }

    /// Begins anew when the error is that the file is broken.
    async fn heal<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let Err(StoreError::Unavailable(error)) = &result else { return result };
        if is_broken(error) {
            tracing::warn!(error = format!("{error:#}"), "the search index is broken and is made anew");
            let mut pools = self.pools.write().await;
            pools.close().await;
            remove(&self.file).await.map_err(StoreError::Unavailable)?;
            *pools = Pools::open(&self.file, &self.log).await.map_err(StoreError::Unavailable)?;
        }
        result
    }
}

impl Pools {
    async fn open(file: &Path, log: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::from_str("sqlite://")?
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("wal_autocheckpoint", super::CHECKPOINT_PAGES)
            .busy_timeout(super::BUSY_TIMEOUT);
        let writing = options.clone().pragma("secure_delete", "ON").thread_name(|_| FOLLOWER.to_owned());
        let writer = pool(1, writing, log).await?;
        priority::give_way(FOLLOWER);
        sqlx::raw_sql(TABLES).execute(&writer).await?;
        follow::begin(&writer).await?;
        let readers = pool(READERS, options.read_only(true), log).await?;
        Ok(Self { writer, readers })
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn pool(connections: u32, options: SqliteConnectOptions, log: &Path) -> anyhow::Result<SqlitePool> {
    let log = log.to_str().context("the name of the data folder is not UTF-8")?;
    let uri = format!("file:{}?mode=ro", log.replace('%', "%25").replace('?', "%3f").replace('#', "%23"));
    let options = SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let attach = sqlx::query("ATTACH ? AS log").bind(uri.clone());
            Box::pin(async move { attach.execute(connection).await.map(drop) })
        })
        .connect_with(options);
    Ok(options.await?)
}

/// Whether it is the file itself that is wrong.
fn is_broken(error: &anyhow::Error) -> bool {
    const CORRUPT: i32 = 11;
    const NOT_A_DATABASE: i32 = 26;
    let Some(sqlx::Error::Database(error)) = error.downcast_ref() else { return false };
    let code = error.code().and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xFF, CORRUPT | NOT_A_DATABASE))
}

async fn remove(file: &Path) -> anyhow::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut path = file.as_os_str().to_owned();
        path.push(suffix);
        match tokio::fs::remove_file(&path).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", Path::new(&path).display()));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
