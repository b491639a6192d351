//! Accounts that their owners deleted, and what they wrote.

use shared::account::DELETED;
use shared::{Seq, SessionId, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::row::{self, end_of, event_id, seq_of};
use super::{reports, sessions};
use crate::room::RoomInfo;
use crate::server_time::ServerTime;
use crate::store::{Departed, StoreError, Written};

/// The kind of users that were accounts.
const KIND: i64 = 2;
/// Messages that one query looks at, so that it ends soon.
const SPAN: u64 = 20_000;
/// Messages that it returns.
const FOUND: i64 = 200;

/// Deletes an account whose password is `password`. The user stays, as the author of what it wrote.
pub(super) async fn close(
    connection: &mut SqliteConnection,
    user: UserId,
    password: &str,
    delete_messages: bool,
    free_at: ServerTime,
) -> Result<Option<Vec<SessionId>>, StoreError> {
    let id = row::blob(user.uuid());
    let query = sqlx::query("DELETE FROM accounts WHERE user = ? AND password = ?").bind(&id[..]);
    if query.bind(password).execute(&mut *connection).await?.rows_affected() == 0 {
        return Ok(None);
    }
    let ended = sessions::end_all(connection, user, None).await?;
    let query = sqlx::query(
        "INSERT OR REPLACE INTO former_names (look, user, name, free_at)
         SELECT look, user, name, ? FROM names JOIN users ON users.id = user WHERE user = ?",
    );
    query.bind(free_at.millis()).bind(&id[..]).execute(&mut *connection).await?;
    for sql in [
        "DELETE FROM names WHERE user = ?1",
        "DELETE FROM links WHERE user = ?1 OR made_by = ?1",
        "DELETE FROM room_links WHERE made_by = ?1",
        "DELETE FROM memberships WHERE user = ?1",
        "DELETE FROM reads WHERE user = ?1",
    ] {
        sqlx::query(sql).bind(&id[..]).execute(&mut *connection).await?;
    }
    let query = sqlx::query("UPDATE users SET kind = ?, name = ? WHERE id = ?").bind(KIND).bind(DELETED);
    query.bind(&id[..]).execute(&mut *connection).await?;
    if delete_messages {
        let query = sqlx::query("INSERT INTO departures (user) VALUES (?)").bind(&id[..]);
        query.execute(&mut *connection).await?;
        reports::forget(connection, user).await?;
    }
    Ok(Some(ended))
}

pub(super) async fn departed(connection: &mut SqliteConnection) -> Result<Vec<Departed>, StoreError> {
    let query = sqlx::query(
        "SELECT id, departures.user IS NOT NULL FROM users LEFT JOIN departures ON departures.user = id
         WHERE kind = ?",
    );
    let read = |row: &SqliteRow| {
        let user = UserId::new(row::uuid(row, 0)?);
        Ok(Departed { user, has_messages: row.try_get(1)? })
    };
    query.bind(KIND).fetch_all(connection).await?.iter().map(read).collect()
}

/// All messages of somebody are deleted.
pub(super) async fn done(connection: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM departures WHERE user = ?").bind(row::blob(user.uuid()));
    query.execute(&mut *connection).await?;
    // Some may have been reported meanwhile.
    reports::forget(connection, user).await
}

/// Returns messages of somebody after `after` that are not deleted, and after which seq to go on.
pub(super) async fn written(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    user: UserId,
    after: Seq,
) -> Result<Written, StoreError> {
    let query = sqlx::query_scalar("SELECT max(id) FROM messages WHERE id > ? AND id < ?");
    let query = query.bind(event_id(room.id, after)).bind(end_of(room.id));
    let last: Option<i64> = query.fetch_one(&mut *connection).await?;
    let Some(last) = last.map(seq_of) else {
        return Ok(Written::default());
    };
    let to = Seq(after.0 + SPAN).min(last);
    let query = sqlx::query_scalar(
        "SELECT id FROM messages WHERE id > ? AND id <= ? AND author = ? AND NOT deleted ORDER BY id LIMIT ?",
    );
    let query = query.bind(event_id(room.id, after)).bind(event_id(room.id, to));
    let query = query.bind(row::blob(user.uuid())).bind(FOUND);
    let ids: Vec<i64> = query.fetch_all(connection).await?;
    let is_full = ids.len() == FOUND as usize;
    let messages: Vec<Seq> = ids.into_iter().map(seq_of).collect();
    let end = if is_full { messages.last().copied().unwrap_or(to) } else { to };
    Ok(Written { messages, next: (end < last).then_some(end) })
}
