//! Queries beside the log: single messages, pins, replies, earlier versions. Each returns pages that fit into a frame.

use shared::limits::PAGE_BYTES;
use shared::{Posted, Seq, Timestamp, UserId, Version};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::page_fill::{self, PageLimit};
use super::reactions::is_there;
use super::row::{self, end_of, event_id, message_columns, seq_of};
use crate::room::RoomInfo;
use crate::store::{Page, PageCursor, StoreError, wire_size};

/// Limited by size only.
const FULL: PageLimit = PageLimit { count: usize::MAX, bytes: PAGE_BYTES };

pub(super) async fn messages(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    seqs: &[Seq],
    viewer: UserId,
) -> Result<Page<Posted>, StoreError> {
    if seqs.is_empty() {
        return Ok(Page { items: Vec::new(), more: false });
    }
    let select = concat!("SELECT ", message_columns!(), " FROM messages WHERE id IN (");
    let mut query = QueryBuilder::<Sqlite>::new(select);
    let mut places = query.separated(", ");
    for &seq in seqs {
        places.push_bind(event_id(room.id, seq));
    }
    query.push(") ORDER BY id");
    let (items, next) = page_fill::messages(connection, query.build(), room, FULL, viewer).await?;
    Ok(Page { items, more: next.is_some() })
}

pub(super) async fn pins(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    cursor: PageCursor,
    viewer: UserId,
) -> Result<Page<Posted>, StoreError> {
    let query = sqlx::query(match cursor {
        PageCursor::After(_) => concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE pinned AND id > ? AND id < ? ORDER BY id"
        ),
        PageCursor::Before(_) => concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE pinned AND id > ? AND id < ? ORDER BY id DESC"
        ),
    });
    let (start, end) = bounds(room, cursor);
    let (items, next) =
        page_fill::messages(connection, query.bind(start).bind(end), room, FULL, viewer).await?;
    Ok(page(cursor, items, next.is_some()))
}

pub(super) async fn replies(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    target: Seq,
    after: Seq,
    limit: u16,
    viewer: UserId,
) -> Result<Page<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE reply_to = ? AND id > ? ORDER BY id LIMIT ?"
    ));
    let query = query.bind(event_id(room.id, target)).bind(event_id(room.id, after));
    let query = query.bind(i64::from(limit) + 1);
    let limit = PageLimit { count: limit.into(), bytes: PAGE_BYTES };
    let (items, next) = page_fill::messages(connection, query, room, limit, viewer).await?;
    Ok(Page { items, more: next.is_some() })
}

/// Returns the versions of a message's text; `None` if the message does not exist or was deleted.
pub(super) async fn versions(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    target: Seq,
    cursor: PageCursor,
) -> Result<Option<Page<Version>>, StoreError> {
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
    let query = sqlx::query(match cursor {
        PageCursor::After(_) => texts!(""),
        PageCursor::Before(_) => texts!(" DESC"),
    });
    let (start, end) = bounds(room, cursor);
    let version = |row: &SqliteRow| {
        let content = row::text(row.try_get(1)?)?;
        let timestamp = Timestamp::from_millis(row.try_get(2)?);
        Ok(Version { seq: seq_of(row.try_get(0)?), content, timestamp })
    };
    let query = query.bind(message).bind(start).bind(end);
    let (items, next) = page_fill::rows(connection, query, FULL, version, wire_size::version).await?;
    Ok(Some(page(cursor, items, next.is_some())))
}

/// Returns the row ids between which a page lies, both exclusive.
fn bounds(room: &RoomInfo, cursor: PageCursor) -> (i64, i64) {
    match cursor {
        PageCursor::After(after) => (event_id(room.id, after), end_of(room.id)),
        PageCursor::Before(before) => (event_id(room.id, Seq::ZERO), event_id(room.id, before)),
    }
}

/// Builds a page in ascending order; rows before a cursor were read in descending order.
fn page<T>(cursor: PageCursor, mut items: Vec<T>, more: bool) -> Page<T> {
    if let PageCursor::Before(_) = cursor {
        items.reverse();
    }
    Page { items, more }
}
