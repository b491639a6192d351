//! Queries about rooms and people.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::{Epoch, RoomAddress, RoomDetails, RoomKind, RoomRole, Seq, ShortText, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::row::{self, corrupt};
use super::{direct, people};
use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;
use crate::store::{Member, StoreError, StoredRoom};

/// The columns of [`room_info`].
macro_rules! room_columns {
    () => {
        "id, name, epoch, permanent, kind, title, topic, description, slow_seconds, archived, people"
    };
}
pub(super) use room_columns;

pub(super) async fn rooms(connection: &mut SqliteConnection) -> Result<Vec<Arc<RoomInfo>>, StoreError> {
    let select = concat!("SELECT ", room_columns!(), " FROM rooms WHERE state = 0 ORDER BY id");
    let rows = sqlx::query(select);
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(|row| Ok(Arc::new(room_info(row)?))).collect()
}

pub(super) async fn live_rooms(connection: &mut SqliteConnection) -> Result<Vec<StoredRoom>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        room_columns!(),
        " FROM rooms WHERE (empty_since IS NULL OR permanent) AND state = 0 ORDER BY id"
    ));
    let mut rooms = BTreeMap::new();
    for row in rows.fetch_all(&mut *connection).await? {
        let info = room_info(&row)?;
        rooms.insert(info.id, (Arc::new(info), Vec::new()));
    }
    let rows = sqlx::query(
        "SELECT users.id, name, kind, memberships.room, read_seq, role, closed IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM messages WHERE messages.id > (memberships.room << 40) + closed
             AND messages.id < (memberships.room + 1) << 40
         ) FROM memberships
         JOIN users ON users.id = memberships.user
         LEFT JOIN reads ON reads.room = memberships.room AND reads.user = memberships.user",
    );
    for row in rows.fetch_all(&mut *connection).await? {
        if let Some((_, members)) = rooms.get_mut(&RoomId(row.try_get(3)?)) {
            let read = row.try_get::<Option<i64>, _>(4)?.map(|seq| Seq(seq as u64));
            let (role, closed) = (role(row.try_get(5)?), row.try_get(6)?);
            members.push(Member { user: people::user(&row)?, read, role, closed });
        }
    }
    Ok(rooms.into_values().collect())
}

/// Rooms whose purge has begun come first.
pub(super) async fn deserted(
    connection: &mut SqliteConnection,
    before: ServerTime,
) -> Result<Vec<RoomId>, StoreError> {
    let query = sqlx::query(
        "SELECT id FROM rooms WHERE empty_since <= ? AND NOT permanent AND NOT archived ORDER BY state DESC LIMIT 500",
    );
    let rows = query.bind(before.millis()).fetch_all(connection).await?;
    rows.iter().map(|row| Ok(RoomId(row.try_get(0)?))).collect()
}

/// Whether a room has its log, and not another room its id.
pub(super) async fn is_there(connection: &mut SqliteConnection, room: &RoomInfo) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM rooms WHERE id = ? AND epoch = ? AND state = 0");
    let query = query.bind(room.id.0).bind(room.epoch.get() as i64);
    Ok(query.fetch_optional(connection).await?.is_some())
}

/// The stored number of the role of a moderator.
const MODERATOR: i64 = 1;

/// Returns the kind of room with a stored number.
pub(super) const fn kind(number: i64) -> RoomKind {
    match number {
        0 => RoomKind::Public,
        2 => RoomKind::Direct,
        _ => RoomKind::Private,
    }
}

/// Returns the stored number of a kind of room.
pub(super) const fn kind_number(kind: RoomKind) -> i64 {
    match kind {
        RoomKind::Public => 0,
        RoomKind::Private => 1,
        RoomKind::Direct => 2,
    }
}

/// Returns the role with a stored number.
fn role(number: i64) -> RoomRole {
    if number == MODERATOR { RoomRole::Moderator } else { RoomRole::Member }
}

/// Returns the stored number of a role.
pub(super) const fn role_number(role: RoomRole) -> i64 {
    match role {
        RoomRole::Member => 0,
        RoomRole::Moderator => MODERATOR,
    }
}

/// Reads the columns of `room_columns!`.
pub(super) fn room_info(row: &SqliteRow) -> Result<RoomInfo, StoreError> {
    Ok(RoomInfo {
        id: RoomId(row.try_get(0)?),
        address: RoomAddress::known(row.try_get(1)?).map_err(corrupt)?,
        kind: kind(row.try_get(4)?),
        people: direct::people(row.try_get(10)?)?,
        epoch: Epoch::from_random(row.try_get::<i64, _>(2)? as u64),
        permanent: row.try_get(3)?,
        details: Arc::new(RoomDetails {
            title: text(row, 5)?,
            topic: text(row, 6)?,
            description: text(row, 7)?,
            slow_seconds: row.try_get(8)?,
            archived: row.try_get(9)?,
            permanent: row.try_get(3)?,
        }),
    })
}

fn text(row: &SqliteRow, column: usize) -> Result<Option<ShortText>, StoreError> {
    row.try_get::<Option<&str>, _>(column)?.map(|text| ShortText::known(text).map_err(corrupt)).transpose()
}

pub(super) async fn read_mark(
    connection: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Seq>, StoreError> {
    let query = sqlx::query("SELECT read_seq FROM reads WHERE room = ? AND user = ?");
    let row = query.bind(room.0).bind(row::blob(user.uuid())).fetch_optional(connection).await?;
    row.map(|row| Ok(Seq(row.try_get::<i64, _>(0)? as u64))).transpose()
}
