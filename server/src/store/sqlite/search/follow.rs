//! Follows the log in commit order: adds a document for each message, replaces it when the text is edited and deletes
//! it with the message.

use futures_util::TryStreamExt;
use shared::search::document_terms;
use shared::{RoomKind, UserName};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};
use tokio::task::spawn_blocking;

use super::super::chunks::chunks;
use super::super::read;
use super::super::row::corrupt;
use super::forget::delete;
use super::{TABLES, VERSION};
use crate::store::StoreError;

/// Events per transaction.
pub(super) const PIECE: i64 = 1_024;
/// Documents per statement. Few sizes, so that prepared statements are found in the cache.
const INSERT_SIZES: [usize; 3] = [128, 16, 1];
/// Text per transaction, in bytes; the message that exceeds it is still included.
const PIECE_BYTES: usize = 256 * 1024;

/// The columns of [`document`].
macro_rules! document_columns {
    () => {
        "messages.commit_no, messages.id >> 40, messages.name, messages.content, \
         (SELECT kind FROM rooms WHERE rooms.id = messages.id >> 40)"
    };
}
pub(super) use document_columns;

/// Creates the tables, and empties the index unless it belongs to this log and this version. A new index starts at the
/// end of the log; older messages are [backfilled](super::backfill).
pub(super) async fn begin(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::raw_sql(TABLES).execute(&mut *connection).await?;
    let query = sqlx::query(
        "SELECT 1 FROM position WHERE version = ? AND log_id = (SELECT value FROM meta WHERE key = 'log_id')
         AND commit_no <= max(coalesce((SELECT max(commit_no) FROM messages), 0),
                              coalesce((SELECT max(commit_no) FROM changes), 0),
                              (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'commits'))",
    );
    if query.bind(VERSION).fetch_optional(&mut *connection).await?.is_none() {
        for sql in ["INSERT INTO docs (docs) VALUES ('delete-all')", "DELETE FROM position"] {
            sqlx::query(sql).execute(&mut *connection).await?;
        }
        let query = sqlx::query(
            "WITH head AS (SELECT max(coalesce((SELECT max(commit_no) FROM messages), 0),
                                      coalesce((SELECT max(commit_no) FROM changes), 0)) AS head)
             INSERT INTO position SELECT value, ?, head, iif(head > 0, head + 1, 0) FROM meta, head WHERE key = 'log_id'",
        );
        query.bind(VERSION).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Indexes the next batch. Returns how many events are left.
pub(super) async fn follow(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    let query = sqlx::query(
        "WITH here AS (SELECT commit_no FROM position)
         SELECT (SELECT min(commit_no) FROM messages WHERE commit_no > (SELECT commit_no FROM here)),
                (SELECT min(commit_no) FROM changes WHERE commit_no > (SELECT commit_no FROM here)),
                (SELECT max(commit_no) FROM messages), (SELECT max(commit_no) FROM changes)",
    );
    let row = query.fetch_one(&mut *connection).await?;
    let places = (0..4).map(|column| row.try_get::<Option<i64>, _>(column));
    let places = places.collect::<Result<Vec<_>, _>>()?;
    let Some(first) = places[..2].iter().flatten().copied().min() else { return Ok(0) };
    let head = places[2..].iter().flatten().copied().max().unwrap_or(first);

    let last = messages(connection, first, first + PIECE - 1).await?;
    changes(connection, first, last).await?;
    sqlx::query("UPDATE position SET commit_no = ?").bind(last.min(head)).execute(&mut *connection).await?;
    Ok(u64::try_from(head - last).unwrap_or_default())
}

/// Indexes the messages in this range of `commit_no` in their present state. Returns the last `commit_no` covered,
/// which is lower than `last` when there is much text.
async fn messages(connection: &mut SqliteConnection, first: i64, last: i64) -> Result<i64, StoreError> {
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM messages WHERE commit_no BETWEEN ? AND ? AND NOT deleted ORDER BY commit_no"
    );
    let (rows, nearer) = piece(connection, sql, first, last).await?;
    insert(connection, rows).await?;
    Ok(nearer.unwrap_or(last))
}

/// Returns the messages that `sql` finds in a range of `commit_no`, and where it stopped if there is too much text.
pub(super) async fn piece(
    connection: &mut SqliteConnection,
    sql: &'static str,
    first: i64,
    last: i64,
) -> Result<(Vec<SqliteRow>, Option<i64>), StoreError> {
    let (mut rows, mut bytes) = (Vec::new(), 0);
    let mut found = sqlx::query(sql).bind(first).bind(last).fetch(connection);
    while let Some(row) = found.try_next().await? {
        bytes += row.try_get::<&str, _>(3)?.len();
        let place = row.try_get(0)?;
        rows.push(row);
        if bytes > PIECE_BYTES {
            return Ok((rows, Some(place)));
        }
    }
    Ok((rows, None))
}

/// Updates the documents of earlier messages that were changed in this range of `commit_no`.
async fn changes(connection: &mut SqliteConnection, first: i64, last: i64) -> Result<(), StoreError> {
    let query = sqlx::query(concat!(
        "SELECT DISTINCT ",
        document_columns!(),
        ", messages.deleted FROM changes JOIN messages ON messages.id = changes.target
         WHERE changes.commit_no BETWEEN ?1 AND ?2 AND kind IN (1, 2) AND messages.commit_no < ?1
         AND messages.commit_no >= (SELECT floor FROM position)"
    ));
    let mut left = Vec::new();
    for row in query.bind(first).bind(last).fetch_all(&mut *connection).await? {
        delete(connection, row.try_get(0)?).await?;
        if !row.try_get::<bool, _>(5)? {
            left.push(row);
        }
    }
    insert(connection, left).await
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    rows: Vec<SqliteRow>,
) -> Result<(), StoreError> {
    // Making terms takes milliseconds of CPU time: keep it off the threads that serve the connections.
    let documents = spawn_blocking(move || rows.iter().map(document).collect::<Result<Vec<_>, _>>());
    let documents = documents.await.map_err(|error| StoreError::Unavailable(error.into()))??;
    for chunk in chunks(&documents, &INSERT_SIZES) {
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO docs (rowid, terms) ");
        query.push_values(chunk, |mut values, (id, terms)| {
            values.push_bind(id).push_bind(terms);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Returns the rowid and the terms of a message's document.
fn document(row: &SqliteRow) -> Result<(i64, String), StoreError> {
    let (room, author) = (row.try_get::<i64, _>(1)?, UserName::known(row.try_get(2)?).map_err(corrupt)?);
    let kind = row.try_get::<Option<i64>, _>(4)?.map_or(RoomKind::Private, read::kind);
    Ok((row.try_get(0)?, document_terms(&author, room as u64, kind, row.try_get(3)?, false)))
}
