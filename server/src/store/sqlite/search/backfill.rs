//! Fills an index that was begun in the middle of a log, from the newest message that it does not hold to the oldest.
//! What is posted meanwhile comes first, so that it is found as soon as ever.

use sqlx::sqlite::SqliteConnection;

use super::follow::{PIECE, insert, piece};
use crate::store::StoreError;

/// Takes the next piece. True: the index holds the whole log.
pub(super) async fn backfill(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let floor = floor(connection).await?;
    if floor == 0 {
        return Ok(true);
    }
    let query = sqlx::query_scalar("SELECT max(commit_no) FROM messages WHERE commit_no < ?").bind(floor);
    let floor = match query.fetch_one(&mut *connection).await? {
        Some(last) => messages(connection, last).await?,
        None => 0,
    };
    sqlx::query("UPDATE position SET floor = ?").bind(floor).execute(connection).await?;
    Ok(floor == 0)
}

/// The first place that the index holds, if there are messages before it; otherwise 0.
pub(super) async fn floor(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT floor FROM position").fetch_one(connection).await?)
}

/// Indexes messages up to this place as they are now. Gives the first place.
async fn messages(connection: &mut SqliteConnection, last: i64) -> Result<i64, StoreError> {
    let first = last.saturating_sub(PIECE - 1).max(0);
    let sql = "SELECT commit_no, id >> 40, name, content FROM messages
               WHERE commit_no BETWEEN ? AND ? AND NOT deleted ORDER BY commit_no DESC";
    let (mut rows, nearer) = piece(connection, sql, first, last).await?;
    // Numbers that rise are what the index takes best.
    rows.reverse();
    insert(connection, rows).await?;
    Ok(nearer.unwrap_or(first))
}
