//! What is read from the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::{Epoch, Posted, RoomName, Seq, Timestamp, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::row::{self, corrupt, end_of, event_columns, event_id, seq_of};
use crate::room::{RoomId, RoomInfo};
use crate::store::{Guest, SecretHash, StoreError, StoredRoom};

pub(super) async fn live_rooms(pool: &SqlitePool) -> Result<Vec<StoredRoom>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, epoch, permanent FROM rooms WHERE empty_since IS NULL OR permanent ORDER BY id",
    );
    let mut rooms = BTreeMap::new();
    for row in rows.fetch_all(pool).await? {
        let info = room_info(&row)?;
        rooms.insert(info.id, (Arc::new(info), Vec::new()));
    }
    let rows = sqlx::query(
        "SELECT room, guest, name, read_seq FROM memberships JOIN guests ON guests.id = memberships.guest",
    );
    for row in rows.fetch_all(pool).await? {
        if let Some((_, members)) = rooms.get_mut(&RoomId(row.try_get(0)?)) {
            let guest = UserId::new(row::uuid(&row, 1)?);
            members.push((guest, row::name(&row, 2)?, Seq(row.try_get::<i64, _>(3)? as u64)));
        }
    }
    Ok(rooms.into_values().collect())
}

/// From `id, name, epoch, permanent`.
pub(super) fn room_info(row: &SqliteRow) -> Result<RoomInfo, StoreError> {
    Ok(RoomInfo {
        id: RoomId(row.try_get(0)?),
        address: RoomName::new(row.try_get(1)?).map_err(corrupt)?.into(),
        epoch: Epoch::from_random(row.try_get::<i64, _>(2)? as u64),
        permanent: row.try_get(3)?,
    })
}

pub(super) async fn guest(
    pool: &SqlitePool,
    secret: &SecretHash,
    since: Timestamp,
) -> Result<Option<Guest>, StoreError> {
    let query = sqlx::query("SELECT id, name FROM guests WHERE secret = ? AND seen_at > ?");
    let row = query.bind(&secret[..]).bind(since.millis()).fetch_optional(pool).await?;
    row.map(|row| Ok(Guest { id: UserId::new(row::uuid(&row, 0)?), name: row::name(&row, 1)? })).transpose()
}

pub(super) async fn head<'e>(
    executor: impl sqlx::SqliteExecutor<'e>,
    room: RoomId,
) -> Result<Seq, StoreError> {
    let query = sqlx::query("SELECT max(id) FROM events WHERE id > ? AND id < ?");
    let row = query.bind(event_id(room, Seq::ZERO)).bind(end_of(room)).fetch_one(executor).await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.map_or(Seq::ZERO, seq_of))
}

pub(super) async fn after(
    pool: &SqlitePool,
    room: &RoomInfo,
    after: Seq,
    limit: u16,
) -> Result<Vec<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        event_columns!(),
        " FROM events WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
    ));
    let rows = query.bind(event_id(room.id, after)).bind(end_of(room.id)).bind(i64::from(limit));
    rows.fetch_all(pool).await?.iter().map(|row| row::posted(row, &room.address)).collect()
}

pub(super) async fn before(
    pool: &SqlitePool,
    room: &RoomInfo,
    before: Option<Seq>,
    limit: u16,
) -> Result<Vec<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        event_columns!(),
        " FROM events WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ?"
    ));
    let end = before.map_or(end_of(room.id), |seq| event_id(room.id, seq));
    let rows = query.bind(event_id(room.id, Seq::ZERO)).bind(end).bind(i64::from(limit));
    rows.fetch_all(pool).await?.iter().rev().map(|row| row::posted(row, &room.address)).collect()
}
