//! Follows the log in the order of its commits: a document for each message, another one for an edited text, none for
//! a deleted one.

use shared::UserName;
use shared::search::document_terms;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};

use super::super::row::corrupt;
use super::VERSION;
use super::forget::delete;
use crate::store::StoreError;

/// Events of one transaction.
const PIECE: i64 = 256;
/// Text of one transaction, in bytes, and the message that passes it.
const PIECE_BYTES: usize = 256 * 1024;

/// Empties the index unless it is one of this log and of this version.
pub(super) async fn begin(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let query = sqlx::query(
        "SELECT 1 FROM position WHERE version = ? AND log_id = (SELECT value FROM meta WHERE key = 'log_id')
         AND commit_no <= max(coalesce((SELECT max(commit_no) FROM messages), 0),
                              coalesce((SELECT max(commit_no) FROM changes), 0),
                              (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'commits'))",
    );
    if query.bind(VERSION).fetch_optional(&mut *transaction).await?.is_none() {
        for sql in ["INSERT INTO docs (docs) VALUES ('delete-all')", "DELETE FROM position"] {
            sqlx::query(sql).execute(&mut *transaction).await?;
        }
        let query = sqlx::query("INSERT INTO position SELECT value, ?, 0 FROM meta WHERE key = 'log_id'");
        query.bind(VERSION).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// Takes the next piece. False: it was the last.
pub(super) async fn follow(pool: &SqlitePool) -> Result<bool, StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let query = sqlx::query(
        "WITH here AS (SELECT commit_no FROM position)
         SELECT (SELECT min(commit_no) FROM messages WHERE commit_no > (SELECT commit_no FROM here)),
                (SELECT min(commit_no) FROM changes WHERE commit_no > (SELECT commit_no FROM here)),
                (SELECT max(commit_no) FROM messages), (SELECT max(commit_no) FROM changes)",
    );
    let row = query.fetch_one(&mut *transaction).await?;
    let places = (0..4).map(|column| row.try_get::<Option<i64>, _>(column));
    let places = places.collect::<Result<Vec<_>, _>>()?;
    let Some(first) = places[..2].iter().flatten().copied().min() else { return Ok(false) };
    let head = places[2..].iter().flatten().copied().max().unwrap_or(first);

    let last = messages(&mut transaction, first, first + PIECE - 1).await?;
    changes(&mut transaction, first, last).await?;
    sqlx::query("UPDATE position SET commit_no = ?").bind(last.min(head)).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(last < head)
}

/// Indexes the messages between these places as they are now. Gives the last place, which is nearer when there is
/// much text.
async fn messages(connection: &mut SqliteConnection, first: i64, last: i64) -> Result<i64, StoreError> {
    let query = sqlx::query(
        "SELECT commit_no, id >> 40, name, content FROM messages
         WHERE commit_no BETWEEN ? AND ? AND NOT deleted ORDER BY commit_no",
    );
    let rows = query.bind(first).bind(last).fetch_all(&mut *connection).await?;
    let mut bytes = 0;
    for row in rows {
        insert(connection, &row).await?;
        bytes += row.try_get::<&str, _>(3)?.len();
        if bytes > PIECE_BYTES {
            return Ok(row.try_get(0)?);
        }
    }
    Ok(last)
}

/// Brings the documents up to date of earlier messages that were changed between these places.
async fn changes(connection: &mut SqliteConnection, first: i64, last: i64) -> Result<(), StoreError> {
    let query = sqlx::query(
        "SELECT DISTINCT messages.commit_no, messages.id >> 40, messages.name, messages.content, messages.deleted
         FROM changes JOIN messages ON messages.id = changes.target
         WHERE changes.commit_no BETWEEN ?1 AND ?2 AND kind IN (1, 2) AND messages.commit_no < ?1",
    );
    for row in query.bind(first).bind(last).fetch_all(&mut *connection).await? {
        delete(connection, row.try_get(0)?).await?;
        if !row.try_get::<bool, _>(4)? {
            insert(connection, &row).await?;
        }
    }
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, row: &SqliteRow) -> Result<(), StoreError> {
    let (room, author) = (row.try_get::<i64, _>(1)?, UserName::new(row.try_get(2)?).map_err(corrupt)?);
    let terms = document_terms(&author, room as u64, row.try_get(3)?, false);
    let query = sqlx::query("INSERT INTO docs (rowid, terms) VALUES (?, ?)");
    query.bind(row.try_get::<i64, _>(0)?).bind(terms).execute(connection).await?;
    Ok(())
}
