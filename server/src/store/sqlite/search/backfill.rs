//! Fills an index that was begun in the middle of a log, from the newest message that it does not hold to the oldest.
//! What is posted meanwhile comes first, so that it is found as soon as ever.

use futures_util::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::follow::{PIECE, PIECE_BYTES, insert};
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
    let mut first = last.saturating_sub(PIECE - 1).max(0);
    let query = sqlx::query(
        "SELECT commit_no, id >> 40, name, content FROM messages
         WHERE commit_no BETWEEN ? AND ? AND NOT deleted ORDER BY commit_no DESC",
    );
    let (mut rows, mut bytes) = (Vec::new(), 0);
    {
        let mut found = query.bind(first).bind(last).fetch(&mut *connection);
        while let Some(row) = found.try_next().await? {
            bytes += row.try_get::<&str, _>(3)?.len();
            let place = row.try_get(0)?;
            rows.push(row);
            if bytes > PIECE_BYTES {
                first = place;
                break;
            }
        }
    }
    // Numbers that rise are what the index takes best.
    rows.reverse();
    insert(connection, rows).await?;
    Ok(first)
}
