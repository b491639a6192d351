//! The search index, in a separate file beside the log, so that indexing never takes the lock of the log's writer. It
//! is derived data: if the file is missing, broken or belongs to another log, it is rebuilt.

mod backfill;
mod candidates;
mod follow;
mod forget;
mod old;
mod page;
mod readable;
mod rewrite;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use shared::UserId;
use shared::search::Query;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use tokio::sync::Mutex;

use super::check;
use super::connections::Connections;
use super::files::{self, remove};
use super::reclaim::Reclaim;
use crate::store::{SearchPage, StoreError};
use forget::Forgotten;
use rewrite::Rewriting;

/// Concurrent searches.
const READERS: u32 = 2;

/// Name of the thread that writes the index, which runs at low priority. At most 15 bytes.
const FOLLOWER: &str = "hiroba-index";

/// Increased when tables or terms change; every index is then rebuilt. Not for the term of private rooms: a log without
/// their migration has none, and a release without that term opens no log with it, so every index either has the term
/// wherever it belongs or nothing that it belongs to.
const VERSION: i64 = 3;

/// One document per message that is not deleted: `rowid` is the message's `commit_no`, `terms` come from
/// [`shared::search::document_terms`] and are not tokenized further. `position` holds the range of the log that is
/// indexed: up to `commit_no`, from `floor` on, which is 0 when the index covers everything.
const TABLES: &str = "
    CREATE VIRTUAL TABLE IF NOT EXISTS docs USING fts5(
        terms, content='', contentless_delete=1, detail=none, tokenize=\"ascii tokenchars '_'\");
    CREATE TABLE IF NOT EXISTS position (
        log_id TEXT NOT NULL, version INTEGER NOT NULL, commit_no INTEGER NOT NULL, floor INTEGER NOT NULL);
";

/// The index of one log.
pub(super) struct Search {
    file: PathBuf,
    log: PathBuf,
    /// `None`: opened when needed next.
    pools: Mutex<Option<Arc<Pools>>>,
    /// How the log is damaged, once that was detected. Nothing can be rebuilt from it then.
    log_damage: OnceLock<String>,
    forgotten: Forgotten,
    rewriting: Rewriting,
}

/// Connections to the index, with the log attached read-only.
struct Pools {
    writer: Connections,
    readers: Connections,
    reclaim: Reclaim,
    /// Whether the readers have the index of an older version attached as well.
    has_old: bool,
}

impl Search {
    /// Creates the index in `file` of the log in `log`. It is opened on demand: the log must not wait for it if that
    /// fails.
    pub(super) fn new(file: PathBuf, log: PathBuf) -> Self {
        let (forgotten, rewriting) = (Forgotten::default(), Rewriting::default());
        Self { file, log, pools: Mutex::default(), log_damage: OnceLock::new(), forgotten, rewriting }
    }

    fn log_is_whole(&self) -> Result<(), StoreError> {
        let damage = self.log_damage.get();
        damage.map_or(Ok(()), |damage| Err(StoreError::Corrupt(check::damaged(&self.log, damage))))
    }

    async fn pools(&self) -> Result<Arc<Pools>, StoreError> {
        self.log_is_whole()?;
        let mut pools = self.pools.lock().await;
        if let Some(pools) = &*pools {
            return Ok(pools.clone());
        }
        let opened = match Pools::open(&self.file, &self.log).await {
            Err(error) if is_broken(&error) => {
                self.discard(&error).await?;
                Pools::open(&self.file, &self.log).await?
            }
            opened => opened?,
        };
        Ok(pools.insert(Arc::new(opened)).clone())
    }

    /// Indexes the next batch of the log. Returns how many events are left, or `None` when there is nothing to do.
    pub(super) async fn follow(&self) -> Result<Option<u64>, StoreError> {
        let result = self.take_next().await;
        self.heal(result).await
    }

    async fn take_next(&self) -> Result<Option<u64>, StoreError> {
        let pools = self.pools().await?;
        let left_to_remove = self.forgotten.remove(&pools.writer).await?;
        let (left, is_whole) = pools.writer.write(follow_and_backfill).await?;
        if left > 0 || left_to_remove || !is_whole {
            return Ok(Some(left));
        }
        if pools.has_old {
            self.drop_old().await?;
        }
        Ok(self.rewriting.go_on(&pools.writer).await?.then_some(0))
    }

    /// Queues messages that were removed from the log for removal from the index.
    pub(super) fn forget(&self, commits: &[u64]) {
        self.forgotten.add(commits);
    }

    /// Returns a page of hits.
    pub(super) async fn search(
        &self,
        query: &Query,
        cursor: Option<u64>,
        limit: u16,
        viewer: UserId,
    ) -> Result<SearchPage, StoreError> {
        let result = {
            let pools = self.pools().await?;
            let has_old = pools.has_old;
            let page = pools
                .readers
                .read(async |reader| page::page(reader, query, has_old, cursor, limit, viewer).await);
            page.await
        };
        self.heal(result).await
    }

    /// Reclaims a piece of disk space.
    pub(super) async fn reclaim(&self) -> Result<bool, StoreError> {
        let result = match self.pools().await {
            Ok(pools) => pools.reclaim.go_on(&pools.readers, &pools.writer).await,
            Err(error) => Err(error),
        };
        self.heal(result).await
    }

    /// Drops the old index once the new one is complete. Searches in progress keep reading it to their end.
    async fn drop_old(&self) -> Result<(), StoreError> {
        let mut pools = self.pools.lock().await;
        *pools = None;
        remove(&old::place(&self.file)).map_err(StoreError::Unavailable)?;
        tracing::info!("the search index is complete");
        Ok(())
    }

    pub(super) async fn close(&self) {
        // The closed pools are kept so that no new ones are opened.
        if let Some(pools) = &*self.pools.lock().await {
            pools.close().await;
        }
    }

    /// Discards the index if the error says that its file is broken.
    async fn heal<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result
            && is_broken(error)
        {
            let mut pools = self.pools.lock().await;
            if let Some(pools) = pools.take() {
                pools.close().await;
            }
            self.discard(error).await?;
        }
        result
    }

    /// Removes the files so that they are rebuilt, unless it is the log that is damaged.
    async fn discard(&self, error: &StoreError) -> Result<(), StoreError> {
        if let Some(damage) = check::damage(&self.log).await.map_err(StoreError::Unavailable)? {
            self.log_damage.get_or_init(|| damage);
            return self.log_is_whole();
        }
        tracing::warn!(error = format!("{error:?}"), "the search index is broken and is made anew");
        remove_all(&self.file).map_err(StoreError::Unavailable)
    }
}

/// Indexes new messages first; when none are left, older ones.
async fn follow_and_backfill(connection: &mut SqliteConnection) -> Result<(u64, bool), StoreError> {
    let left = follow::follow(connection).await?;
    Ok((left, left == 0 && backfill::backfill(connection).await?))
}

impl Pools {
    async fn open(file: &Path, log: &Path) -> Result<Self, StoreError> {
        old::set_aside(file).await?;
        let options = files::options(file)
            .map_err(StoreError::Unavailable)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("wal_autocheckpoint", super::CHECKPOINT_PAGES)
            .pragma("journal_size_limit", super::WAL_BYTES)
            .busy_timeout(super::BUSY_TIMEOUT);
        let attach_log = attach(log, "log").map_err(StoreError::Unavailable)?;
        let old = old::place(file);
        let has_old = old.exists();
        let mut attach_all = attach_log.clone();
        if has_old {
            attach_all += &attach(&old, "old").map_err(StoreError::Unavailable)?;
        }
        let reclaim = Reclaim::new(file, options.clone());
        let writing = options.clone().auto_vacuum(SqliteAutoVacuum::Incremental);
        let writing = writing.pragma("secure_delete", "ON");
        let writer = Connections::new(1, writing).begin_with(attach_log).give_way(FOLLOWER);
        writer.write(follow::begin).await?;
        let readers = Connections::new(READERS, options.read_only(true)).begin_with(attach_all);
        Ok(Self { writer, readers, reclaim, has_old })
    }

    async fn close(&self) {
        self.reclaim.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Removes the index in `file` and the one of an older version.
///
/// # Errors
/// A file cannot be removed.
pub(super) fn remove_all(file: &Path) -> anyhow::Result<()> {
    remove(&old::place(file))?;
    remove(file)
}

/// Returns a statement that attaches another file read-only.
fn attach(file: &Path, name: &str) -> anyhow::Result<String> {
    // `//` introduces an empty authority: no host name follows.
    let uri = format!(
        "file://{}?mode=ro",
        files::name(file)?.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
    );
    Ok(format!("ATTACH '{}' AS {name};", uri.replace('\'', "''")))
}

/// Returns whether a file is damaged, of the index or of the log.
fn is_broken(error: &StoreError) -> bool {
    matches!(error, StoreError::Corrupt(error) if check::is_damage(error))
}

#[cfg(test)]
mod tests;
