//! Removes old messages (retention) and purges the logs of deserted rooms. Both work in pieces, so that writers need
//! not wait.

use shared::{Change, Changed, Seq, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::row::{end_of, event_id, seq_of};
use super::sequences::SequenceAllocator;
use super::{ages, change};
use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;
use crate::store::{Outcome, Removed, StoreError};

/// Messages removed in one transaction.
const PIECE: i64 = 1_000;

/// Removes a room's oldest messages, as far as they were stored by `before`, and appends a `Trimmed` event to its log.
pub(super) async fn trim(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    removed: &mut Vec<u64>,
    room: &RoomInfo,
    before: ServerTime,
    at: Timestamp,
) -> Result<Outcome, StoreError> {
    let Some(stored_by_then) = ages::stored_by(connection, before).await? else {
        return Ok(Outcome::Removed(Removed::default()));
    };
    let start = event_id(room.id, Seq::ZERO);
    // `commit_no` follows the timestamps for messages of the first release, so it need not increase with `seq` there.
    let query = sqlx::query(
        "WITH oldest AS (SELECT id, commit_no FROM messages WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT ?3)
         SELECT max(id), count(*) FROM oldest
         WHERE commit_no <= ?4 AND id < coalesce((SELECT min(id) FROM oldest WHERE commit_no > ?4), ?2)",
    );
    let query = query.bind(start).bind(end_of(room.id)).bind(PIECE).bind(stored_by_then);
    let row = query.fetch_one(&mut *connection).await?;
    let Some(last) = row.try_get::<Option<i64>, _>(0)? else {
        return Ok(Outcome::Removed(Removed::default()));
    };
    let more = row.try_get::<i64, _>(1)? == PIECE;
    // Allocated before the removal: the last event of the log may be among the removed ones.
    let place = sequences.next(connection, room.id).await?;
    let messages = remove(connection, removed, start, last).await?;
    let query = sqlx::query("UPDATE rooms SET horizon = ? WHERE id = ?");
    query.bind(seq_of(last).0 as i64).bind(room.id.0).execute(&mut *connection).await?;
    let changed = Changed {
        room: room.address.clone(),
        seq: place.seq,
        target: seq_of(last),
        by: None,
        timestamp: at,
        client_message_id: None,
        change: Change::Trimmed,
    };
    change::insert(connection, last, event_id(room.id, place.seq), &changed, &place).await?;
    Ok(Outcome::Removed(Removed { messages, trimmed: Some(changed), more }))
}

/// Removes a piece of a room's log if the room has been empty since `before`. The first piece also frees the room's
/// name: opening it again creates a new room.
pub(super) async fn purge(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    removed: &mut Vec<u64>,
    room: RoomId,
    before: ServerTime,
) -> Result<Outcome, StoreError> {
    let query = sqlx::query(
        "UPDATE rooms SET name = '~gone-' || id, state = 1, client_id = NULL, people = NULL
         WHERE id = ? AND empty_since <= ? AND NOT permanent AND NOT archived",
    );
    if query.bind(room.0).bind(before.millis()).execute(&mut *connection).await?.rows_affected() == 0 {
        return Ok(Outcome::Removed(Removed::default()));
    }
    let commits_so_far = sequences.commits(connection).await?;
    let query = sqlx::query("UPDATE meta SET value = ? WHERE key = 'commits'");
    query.bind(commits_so_far.to_string()).execute(&mut *connection).await?;
    let (start, end) = (event_id(room, Seq::ZERO), end_of(room));
    let query = sqlx::query(
        "SELECT max(id) FROM (SELECT id FROM messages WHERE id > ? AND id < ? ORDER BY id LIMIT ?)",
    );
    let row = query.bind(start).bind(end).bind(PIECE).fetch_one(&mut *connection).await?;
    let messages = match row.try_get::<Option<i64>, _>(0)? {
        Some(last) => remove(connection, removed, start, last).await?,
        None => {
            for sql in ["DELETE FROM changes WHERE id > ?1 AND id < ?2", "DELETE FROM rooms WHERE id = ?3"] {
                sqlx::query(sql).bind(start).bind(end).bind(room.0).execute(&mut *connection).await?;
            }
            sequences.forget_room(room);
            0
        }
    };
    Ok(Outcome::Removed(Removed { messages, trimmed: None, more: true }))
}

/// Removes a range of events with everything that depends on them, and pushes the `commit_no` of each message to
/// `removed`. Returns the number of messages.
async fn remove(
    connection: &mut SqliteConnection,
    removed: &mut Vec<u64>,
    after: i64,
    last: i64,
) -> Result<u64, StoreError> {
    let query = sqlx::query("SELECT commit_no FROM messages WHERE id > ? AND id <= ?");
    let rows = query.bind(after).bind(last).fetch_all(&mut *connection).await?;
    for row in &rows {
        removed.push(row.try_get::<i64, _>(0)? as u64);
    }
    for sql in [
        "DELETE FROM mentions WHERE message > ? AND message <= ?",
        "DELETE FROM reactions WHERE message > ? AND message <= ?",
        "UPDATE changes SET content = NULL, mentions = NULL WHERE target > ? AND target <= ? AND kind = 1",
        "DELETE FROM changes WHERE id > ? AND id <= ?",
        "DELETE FROM messages WHERE id > ? AND id <= ?",
    ] {
        sqlx::query(sql).bind(after).bind(last).execute(&mut *connection).await?;
    }
    Ok(rows.len() as u64)
}
