//! Removes the last traces of deleted messages. FTS5 only writes a tombstone for a deleted document and drops its terms
//! when it happens to rewrite that part of the index. So the whole index is rewritten periodically, if it has
//! tombstones.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::super::connections::Connections;
use crate::store::StoreError;

const FIRST_AFTER: Duration = Duration::from_mins(10);
const AGAIN_AFTER: Duration = Duration::from_hours(24);
/// Index pages written per transaction.
const PIECE: i64 = 100;
/// Rows of `docs_data` with ids from here on are tombstones.
const FIRST_NOTE: i64 = 1 << 53;

/// Schedules the rewriting of the index.
pub(super) struct Rewriting(Mutex<State>);

#[derive(Clone, Copy)]
enum State {
    Resting(Instant),
    UnderWay,
}

impl Default for Rewriting {
    fn default() -> Self {
        Self(Mutex::new(State::Resting(Instant::now() + FIRST_AFTER)))
    }
}

impl Rewriting {
    /// Rewrites the next piece if it is due. Returns `false` if there is nothing to do at the moment.
    pub(super) async fn go_on(&self, writer: &Connections) -> Result<bool, StoreError> {
        let state = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left = match state {
            State::Resting(until) if Instant::now() < until => return Ok(false),
            State::Resting(_) => writer.write(begin).await?,
            State::UnderWay => writer.write(async |writer| piece(writer, PIECE).await).await?,
        };
        let next = if is_left { State::UnderWay } else { State::Resting(Instant::now() + AGAIN_AFTER) };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(is_left)
    }

    /// Makes the rewrite due now.
    #[cfg(test)]
    pub(super) fn hurry(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::Resting(Instant::now());
    }
}

async fn begin(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM docs_data WHERE id >= ? LIMIT 1");
    let is_needed = query.bind(FIRST_NOTE).fetch_optional(&mut *connection).await?.is_some();
    // A negative count merges everything that exists now, not only what would be merged anyway.
    Ok(is_needed && piece(connection, -PIECE).await?)
}

async fn piece(connection: &mut SqliteConnection, pages: i64) -> Result<bool, StoreError> {
    let changes = "SELECT total_changes()";
    let before: i64 = sqlx::query(changes).fetch_one(&mut *connection).await?.try_get(0)?;
    let query = sqlx::query("INSERT INTO docs (docs, rank) VALUES ('merge', ?)");
    query.bind(pages).execute(&mut *connection).await?;
    let after: i64 = sqlx::query(changes).fetch_one(&mut *connection).await?.try_get(0)?;
    // The command itself counts as a change.
    Ok(after - before >= 2)
}
