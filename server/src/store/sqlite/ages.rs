//! Maps server time to `commit_no`: samples of how far the whole log went at certain times.

use shared::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::sequences::SequenceAllocator;
use crate::server_time::{Noted, ServerTime};
use crate::store::{Outcome, StoreError};

pub(super) async fn noted(connection: &mut SqliteConnection) -> Result<Noted, StoreError> {
    let row = sqlx::query("SELECT time, wall FROM clock").fetch_one(connection).await?;
    Ok(Noted {
        time: ServerTime::from_millis(row.try_get(0)?),
        wall: Timestamp::from_millis(row.try_get(1)?),
    })
}

pub(super) async fn tick(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    time: ServerTime,
    wall: Timestamp,
) -> Result<Outcome, StoreError> {
    let query = sqlx::query("UPDATE clock SET time = ?, wall = ?");
    query.bind(time.millis()).bind(wall.millis()).execute(&mut *connection).await?;
    let query = sqlx::query(
        "INSERT INTO ages SELECT ?1, ?2
         WHERE ?2 > coalesce((SELECT commit_no FROM ages ORDER BY time DESC LIMIT 1), 0)
         ON CONFLICT (time) DO UPDATE SET commit_no = excluded.commit_no",
    );
    let commits = sequences.commits(connection).await?;
    query.bind(time.millis()).bind(commits).execute(connection).await?;
    Ok(Outcome::Done)
}

/// Returns the last `commit_no` stored by `before`, and deletes the samples of earlier times.
pub(super) async fn stored_by(
    connection: &mut SqliteConnection,
    before: ServerTime,
) -> Result<Option<i64>, StoreError> {
    let query = sqlx::query("SELECT time, commit_no FROM ages WHERE time <= ? ORDER BY time DESC LIMIT 1");
    let row = query.bind(before.millis()).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let query = sqlx::query("DELETE FROM ages WHERE time < ?").bind(row.try_get::<i64, _>(0)?);
    query.execute(connection).await?;
    Ok(Some(row.try_get(1)?))
}
