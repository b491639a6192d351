//! Removes messages from the index that were removed from the log.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::super::connections::Connections;
use crate::store::StoreError;

/// Bound of queued documents; those beyond it are found by the comparison at the next start.
const WAITING: usize = 100_000;
/// Documents removed per transaction.
const PIECE: usize = 500;
/// Documents compared with the log per transaction.
const COMPARED: i64 = 4_000;

/// Documents to be removed.
pub(super) struct Forgotten(Mutex<Waiting>);

struct Waiting {
    commits: Vec<u64>,
    /// Documents after this `commit_no` still have to be compared with the log. At the start that is all of them: the
    /// server may have stopped between a removal and its entry here.
    compare_after: Option<i64>,
}

impl Default for Forgotten {
    fn default() -> Self {
        Self(Mutex::new(Waiting { commits: Vec::new(), compare_after: Some(0) }))
    }
}

impl Forgotten {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues documents whose messages were removed from the log.
    pub(super) fn add(&self, commits: &[u64]) {
        let mut waiting = self.lock();
        let room = WAITING.saturating_sub(waiting.commits.len());
        waiting.commits.extend(commits.iter().take(room));
    }

    /// Removes one piece. Returns `false` when nothing is left.
    pub(super) async fn remove(&self, writer: &Connections) -> Result<bool, StoreError> {
        let (commits, after) = {
            let waiting = self.lock();
            (waiting.commits.iter().take(PIECE).copied().collect::<Vec<_>>(), waiting.compare_after)
        };
        if commits.is_empty() && after.is_none() {
            return Ok(false);
        }
        let compared = writer.write(async |writer| {
            for &commit in &commits {
                delete(writer, commit as i64).await?;
            }
            match after {
                Some(after) => compare(writer, after).await,
                None => Ok(None),
            }
        });
        let compared = compared.await?;
        let mut waiting = self.lock();
        waiting.commits.drain(..commits.len());
        waiting.compare_after = compared;
        Ok(!waiting.commits.is_empty() || compared.is_some())
    }
}

pub(super) async fn delete(connection: &mut SqliteConnection, place: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM docs WHERE rowid = ?").bind(place).execute(connection).await?;
    Ok(())
}

/// Removes documents after `after` that have no message. Returns where to continue, or `None` at the end.
async fn compare(connection: &mut SqliteConnection, after: i64) -> Result<Option<i64>, StoreError> {
    let query = sqlx::query(
        "SELECT id, EXISTS (SELECT 1 FROM messages WHERE commit_no = docs_docsize.id AND NOT deleted)
         FROM docs_docsize WHERE id > ? ORDER BY id LIMIT ?",
    );
    let rows = query.bind(after).bind(COMPARED).fetch_all(&mut *connection).await?;
    for row in &rows {
        if !row.try_get::<bool, _>(1)? {
            delete(connection, row.try_get(0)?).await?;
        }
    }
    let is_full = rows.len() as i64 == COMPARED;
    rows.last().filter(|_| is_full).map(|last| Ok(last.try_get(0)?)).transpose()
}
