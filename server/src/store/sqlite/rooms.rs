//! Creates and reopens rooms.

use std::sync::Arc;

use shared::{Epoch, ErrorCode, RoomName, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::read::{room_columns, room_info};
use crate::room::RoomInfo;
use crate::store::{Outcome, StoreError};

/// Opens the room with this name; a new one gets an id of at most `highest`.
pub(super) async fn open(
    connection: &mut SqliteConnection,
    name: &RoomName,
    epoch: Epoch,
    permanent: bool,
    at: Timestamp,
    highest: u32,
) -> Result<Outcome, StoreError> {
    if let Some(room) = reopen(connection, name, permanent).await? {
        return Ok(Outcome::Room(room));
    }
    let Some(number) = free_number(connection, highest).await? else {
        return Ok(Outcome::Refused(ErrorCode::TooMany));
    };
    let query = sqlx::query(concat!(
        "INSERT INTO rooms (id, name, epoch, permanent, created_at) VALUES (?, ?, ?, ?, ?) RETURNING ",
        room_columns!()
    ));
    let query = query.bind(number).bind(name.as_str()).bind(epoch.get() as i64).bind(permanent);
    let row = query.bind(at.millis()).fetch_one(connection).await?;
    Ok(Outcome::Room(Arc::new(room_info(&row)?)))
}

/// Reopens the room with this name, if it exists.
pub(super) async fn reopen(
    connection: &mut SqliteConnection,
    name: &RoomName,
    permanent: bool,
) -> Result<Option<Arc<RoomInfo>>, StoreError> {
    let query = sqlx::query(concat!(
        "UPDATE rooms SET empty_since = NULL, permanent = max(permanent, ?) WHERE name = ? AND kind = 0 RETURNING ",
        room_columns!()
    ));
    let found = query.bind(permanent).bind(name.as_str()).fetch_optional(connection).await?;
    found.map(|row| Ok(Arc::new(room_info(&row)?))).transpose()
}

/// Returns the id after the last one, or else the first id freed by a purge.
pub(super) async fn free_number(
    connection: &mut SqliteConnection,
    highest: u32,
) -> Result<Option<i64>, StoreError> {
    let row = sqlx::query("SELECT coalesce(max(id), 0) + 1 FROM rooms").fetch_one(&mut *connection).await?;
    let next: i64 = row.try_get(0)?;
    if next <= i64::from(highest) {
        return Ok(Some(next));
    }
    let query = sqlx::query(
        "SELECT id + 1 FROM (SELECT 0 AS id UNION ALL SELECT id FROM rooms) AS taken
         WHERE id < ? AND NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.id = taken.id + 1) LIMIT 1",
    );
    let row = query.bind(highest).fetch_optional(connection).await?;
    if row.is_none() {
        tracing::error!(
            "there are as many rooms as there may be; those that stay empty are removed with time"
        );
    }
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;
    use sqlx::sqlite::SqliteConnectOptions;

    use super::*;
    use crate::store::Store;
    use crate::store::sqlite::{FILE, SqliteStore};

    async fn number(connection: &mut SqliteConnection, name: &str) -> Result<u32, ErrorCode> {
        let (name, epoch) = (RoomName::new(name).unwrap(), Epoch::from_random(1));
        match open(connection, &name, epoch, false, Timestamp::from_millis(0), 3).await.unwrap() {
            Outcome::Room(room) => Ok(room.id.0),
            Outcome::Refused(code) => Err(code),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_room_gets_a_free_number_or_none() {
        let folder = tempfile::tempdir().unwrap();
        SqliteStore::open(folder.path()).await.unwrap().close().await;
        let options = SqliteConnectOptions::new().filename(folder.path().join(FILE));
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        for (name, expected) in [("a", 1), ("b", 2), ("c", 3), ("b", 2)] {
            assert_eq!(number(&mut database, name).await, Ok(expected));
        }
        assert_eq!(number(&mut database, "d").await, Err(ErrorCode::TooMany));
        for (freed, next) in [(2, "d"), (1, "e"), (3, "f"), (3, "g")] {
            sqlx::query("DELETE FROM rooms WHERE id = ?").bind(freed).execute(&mut database).await.unwrap();
            assert_eq!(number(&mut database, next).await, Ok(freed));
            assert_eq!(number(&mut database, "none is left").await, Err(ErrorCode::TooMany));
        }
    }
}
