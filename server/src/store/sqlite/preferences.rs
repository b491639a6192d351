//! What accounts prefer.

use async_trait::async_trait;
use shared::limits::{BLOCKED_PEOPLE, MUTED_ROOMS};
use shared::{RoomAddress, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::SqliteStore;
use super::row::{self, corrupt};
use crate::store::{Preference, PreferenceStore, Preferred, StoreError};

#[async_trait]
impl PreferenceStore for SqliteStore {
    async fn preferred(&self, user: UserId) -> Result<Preferred, StoreError> {
        self.readers
            .run(async |reader| {
                let id = row::blob(user.uuid());
                let favourites = "SELECT room FROM favourites WHERE user = ? ORDER BY place";
                let favourites = rooms(reader, favourites, &id).await?;
                let muted = rooms(reader, "SELECT room FROM muted_rooms WHERE user = ?", &id).await?;
                let query = sqlx::query("SELECT other FROM blocked WHERE user = ?").bind(&id[..]);
                let other = |row: &SqliteRow| Ok(UserId::new(row::uuid(row, 0)?));
                let blocked: Result<_, StoreError> =
                    query.fetch_all(reader).await?.iter().map(other).collect();
                Ok(Preferred { favourites, muted, blocked: blocked? })
            })
            .await
    }

    async fn blocks(&self) -> Result<Vec<(UserId, UserId)>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query("SELECT user, other FROM blocked");
                let pair =
                    |row: &SqliteRow| Ok((UserId::new(row::uuid(row, 0)?), UserId::new(row::uuid(row, 1)?)));
                query.fetch_all(reader).await?.iter().map(pair).collect()
            })
            .await
    }

    async fn set_favourites(&self, user: UserId, rooms: &[RoomAddress]) -> Result<Preference, StoreError> {
        self.writer
            .write(async |writer| {
                if !is_account(writer, user).await? {
                    return Ok(Preference::NoAccount);
                }
                let id = row::blob(user.uuid());
                let query = sqlx::query("DELETE FROM favourites WHERE user = ?").bind(&id[..]);
                query.execute(&mut *writer).await?;
                for (place, room) in (0_i64..).zip(rooms) {
                    let query = sqlx::query("INSERT INTO favourites (user, place, room) VALUES (?, ?, ?)");
                    let query = query.bind(&id[..]).bind(place).bind(room.as_str());
                    query.execute(&mut *writer).await?;
                }
                Ok(Preference::Changed)
            })
            .await
    }

    async fn set_room_muted(
        &self,
        user: UserId,
        room: &RoomAddress,
        muted: bool,
    ) -> Result<Preference, StoreError> {
        self.writer
            .write(async |writer| {
                let id = row::blob(user.uuid());
                if !is_account(writer, user).await? {
                    return Ok(Preference::NoAccount);
                }
                if !muted {
                    let query = sqlx::query("DELETE FROM muted_rooms WHERE user = ? AND room = ?");
                    let gone = query.bind(&id[..]).bind(room.as_str()).execute(writer).await?;
                    return Ok(became(gone.rows_affected()));
                }
                let query = sqlx::query(
                    "INSERT INTO muted_rooms (user, room) SELECT ?1, ?2
                     WHERE (SELECT count(*) FROM muted_rooms WHERE user = ?1) < ?3 ON CONFLICT DO NOTHING",
                );
                let query = query.bind(&id[..]).bind(room.as_str()).bind(MUTED_ROOMS as i64);
                if query.execute(&mut *writer).await?.rows_affected() > 0 {
                    return Ok(Preference::Changed);
                }
                let query = sqlx::query("SELECT 1 FROM muted_rooms WHERE user = ? AND room = ?");
                let known = query.bind(&id[..]).bind(room.as_str()).fetch_optional(writer).await?;
                Ok(if known.is_some() { Preference::Same } else { Preference::Full })
            })
            .await
    }

    async fn set_blocked(
        &self,
        user: UserId,
        other: UserId,
        blocked: bool,
    ) -> Result<Preference, StoreError> {
        self.writer
            .write(async |writer| {
                let [id, other_id] = [user, other].map(|user| row::blob(user.uuid()));
                if !is_account(writer, user).await? {
                    return Ok(Preference::NoAccount);
                }
                if !blocked {
                    let query = sqlx::query("DELETE FROM blocked WHERE user = ? AND other = ?");
                    let gone = query.bind(&id[..]).bind(&other_id[..]).execute(writer).await?;
                    return Ok(became(gone.rows_affected()));
                }
                if !is_account(writer, other).await? {
                    return Ok(Preference::NoAccount);
                }
                let query = sqlx::query(
                    "INSERT INTO blocked (user, other) SELECT ?1, ?2
                     WHERE (SELECT count(*) FROM blocked WHERE user = ?1) < ?3 ON CONFLICT DO NOTHING",
                );
                let query = query.bind(&id[..]).bind(&other_id[..]).bind(BLOCKED_PEOPLE as i64);
                if query.execute(&mut *writer).await?.rows_affected() > 0 {
                    return Ok(Preference::Changed);
                }
                let query = sqlx::query("SELECT 1 FROM blocked WHERE user = ? AND other = ?");
                let known = query.bind(&id[..]).bind(&other_id[..]).fetch_optional(writer).await?;
                Ok(if known.is_some() { Preference::Same } else { Preference::Full })
            })
            .await
    }
}

fn became(rows: u64) -> Preference {
    if rows > 0 { Preference::Changed } else { Preference::Same }
}

async fn is_account(connection: &mut SqliteConnection, user: UserId) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM accounts WHERE user = ?").bind(row::blob(user.uuid()));
    Ok(query.fetch_optional(connection).await?.is_some())
}

async fn rooms(
    connection: &mut SqliteConnection,
    sql: &'static str,
    user: &[u8],
) -> Result<Vec<RoomAddress>, StoreError> {
    let read = |row: &SqliteRow| RoomAddress::known(row.try_get(0)?).map_err(corrupt);
    sqlx::query(sql).bind(user).fetch_all(connection).await?.iter().map(read).collect()
}
