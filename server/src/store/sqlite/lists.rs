//! Lists beside the log: single messages, pins, replies, earlier texts. Each in parts that fit into a frame.

use shared::limits::PAGE_BYTES;
use shared::{Posted, Seq, Timestamp, UserId, Version};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::fitting::{self, Room};
use super::reactions::is_there;
use super::row::{self, end_of, event_id, message_columns, seq_of};
use crate::room::RoomInfo;
use crate::store::{Part, Side, StoreError, wire_size};

/// As many as fit.
const FULL: Room = Room { count: usize::MAX, bytes: PAGE_BYTES };

pub(super) async fn messages(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    seqs: &[Seq],
    viewer: UserId,
) -> Result<Part<Posted>, StoreError> {
    if seqs.is_empty() {
        return Ok(Part { items: Vec::new(), more: false });
    }
    let select = concat!("SELECT ", message_columns!(), " FROM messages WHERE id IN (");
    let mut query = QueryBuilder::<Sqlite>::new(select);
    let mut places = query.separated(", ");
    for &seq in seqs {
        places.push_bind(event_id(room.id, seq));
    }
    query.push(") ORDER BY id");
    let (items, next) = fitting::messages(connection, query.build(), room, FULL, viewer).await?;
    Ok(Part { items, more: next.is_some() })
}

pub(super) async fn pins(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    side: Side,
    viewer: UserId,
) -> Result<Part<Posted>, StoreError> {
    let query = sqlx::query(match side {
        Side::After(_) => concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE pinned AND id > ? AND id < ? ORDER BY id"
        ),
        Side::Before(_) => concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE pinned AND id > ? AND id < ? ORDER BY id DESC"
        ),
    });
    let (start, end) = bounds(room, side);
    let (items, next) =
        fitting::messages(connection, query.bind(start).bind(end), room, FULL, viewer).await?;
    Ok(part(side, items, next.is_some()))
}

pub(super) async fn replies(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    target: Seq,
    after: Seq,
    limit: u16,
    viewer: UserId,
) -> Result<Part<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE reply_to = ? AND id > ? ORDER BY id LIMIT ?"
    ));
    let query = query.bind(event_id(room.id, target)).bind(event_id(room.id, after));
    let query = query.bind(i64::from(limit) + 1);
    let page = Room { count: limit.into(), bytes: PAGE_BYTES };
    let (items, next) = fitting::messages(connection, query, room, page, viewer).await?;
    Ok(Part { items, more: next.is_some() })
}

/// None: there is no such message, or it was deleted.
pub(super) async fn versions(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    target: Seq,
    side: Side,
) -> Result<Option<Part<Version>>, StoreError> {
    let message = event_id(room.id, target);
    if !is_there(connection, message).await? {
        return Ok(None);
    }
    macro_rules! texts {
        ($order:literal) => {
            concat!(
                "SELECT id, coalesce(original, content) AS content, created_at FROM messages
                 WHERE id = ?1 AND NOT deleted AND id > ?2 AND id < ?3
                 UNION ALL
                 SELECT id, content, created_at FROM changes
                 WHERE target = ?1 AND kind = 1 AND content IS NOT NULL AND id > ?2 AND id < ?3
                 ORDER BY id",
                $order
            )
        };
    }
    let query = sqlx::query(match side {
        Side::After(_) => texts!(""),
        Side::Before(_) => texts!(" DESC"),
    });
    let (start, end) = bounds(room, side);
    let version = |row: &SqliteRow| {
        let content = row::text(row.try_get(1)?)?;
        let timestamp = Timestamp::from_millis(row.try_get(2)?);
        Ok(Version { seq: seq_of(row.try_get(0)?), content, timestamp })
    };
    let query = query.bind(message).bind(start).bind(end);
    let (items, next) = fitting::rows(connection, query, FULL, version, wire_size::version).await?;
    Ok(Some(part(side, items, next.is_some())))
}

/// The row numbers between which a part lies.
fn bounds(room: &RoomInfo, side: Side) -> (i64, i64) {
    match side {
        Side::After(after) => (event_id(room.id, after), end_of(room.id)),
        Side::Before(before) => (event_id(room.id, Seq::ZERO), event_id(room.id, before)),
    }
}

/// What was read backwards is told forwards.
fn part<T>(side: Side, mut items: Vec<T>, more: bool) -> Part<T> {
    if let Side::Before(_) = side {
        items.reverse();
    }
    Part { items, more }
}
