//! Fills an index that was started in the middle of a log, from the newest missing message to the oldest. New messages
//! take precedence, so that they are found as quickly as ever.

use sqlx::sqlite::SqliteConnection;

use super::follow::{PIECE, document_columns, insert, piece};
use crate::store::StoreError;

/// Indexes the next batch. Returns `true` once the index covers the whole log.
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

/// Returns the first `commit_no` that the index covers, or 0 if there are no messages before it.
pub(super) async fn floor(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT floor FROM position").fetch_one(connection).await?)
}

/// Indexes messages up to `last` in their present state. Returns the first `commit_no` covered.
async fn messages(connection: &mut SqliteConnection, last: i64) -> Result<i64, StoreError> {
    let first = last.saturating_sub(PIECE - 1).max(0);
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM messages WHERE commit_no BETWEEN ? AND ? AND NOT deleted ORDER BY commit_no DESC"
    );
    let (mut rows, nearer) = piece(connection, sql, first, last).await?;
    // FTS5 is fastest with ascending rowids.
    rows.reverse();
    insert(connection, rows).await?;
    Ok(nearer.unwrap_or(first))
}
