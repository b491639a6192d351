//! Queries on the rooms' logs.

use shared::limits::{PAGE_BYTES, UNREAD_COUNTED};
use shared::{Posted, RoomEvent, Seq, UnreadCount, UserId};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection, Row};

use super::page_fill::{self, PageFill, PageLimit};
use super::reactions::{add_reactions, may_have_reactions};
use super::row::{self, end_of, event_id, message_columns, seq_of};
use crate::room::{RoomId, RoomInfo};
use crate::store::{Extent, Page, StoreError, wire_size};

pub(super) async fn extent(connection: &mut SqliteConnection, room: RoomId) -> Result<Extent, StoreError> {
    let query = sqlx::query(
        "SELECT coalesce((SELECT max(id) FROM messages WHERE id > ?1 AND id < ?2), 0),
                coalesce((SELECT max(id) FROM changes WHERE id > ?1 AND id < ?2), 0),
                coalesce((SELECT horizon FROM rooms WHERE id = ?3), 0)",
    );
    let query = query.bind(event_id(room, Seq::ZERO)).bind(end_of(room)).bind(room.0);
    let row = query.fetch_one(connection).await?;
    let (message, change): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Extent { head: seq_of(message.max(change)), horizon: Seq(row.try_get::<i64, _>(2)? as u64) })
}

/// Returns at most `limit` events after `after`, oldest first, from one snapshot, as many as fit into a frame.
pub(super) async fn after(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    limit: u16,
    viewer: UserId,
) -> Result<Page<RoomEvent>, StoreError> {
    let page = events_after(connection, room, after, limit).await?;
    let is_whole =
        |event: &RoomEvent| !matches!(event, RoomEvent::Posted(posted) if may_have_reactions(posted));
    if page.items.iter().all(is_whole) {
        return Ok(page);
    }
    let mut transaction = connection.begin().await?;
    let mut page = events_after(&mut transaction, room, after, limit).await?;
    let mut fill = PageFill::new(PageLimit { count: limit.into(), bytes: PAGE_BYTES });
    for at in 0..page.items.len() {
        if let RoomEvent::Posted(posted) = &mut page.items[at] {
            add_reactions(&mut transaction, room.id, posted, viewer).await?;
        }
        if !fill.takes(wire_size::event(&page.items[at])) {
            page.items.truncate(at);
            page.more = true;
            break;
        }
    }
    Ok(page)
}

/// Like [`after`], but without reactions: a single statement, which needs no transaction to read one snapshot.
async fn events_after(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    limit: u16,
) -> Result<Page<RoomEvent>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        ", NULL AS kind, NULL AS target, NULL AS emoji FROM messages WHERE id > ?1 AND id < ?2
         UNION ALL
         SELECT id, NULL, author, name, client_message_id, content, created_at, NULL, mentions, NULL, NULL, NULL, NULL,
                kind, target, emoji FROM changes WHERE id > ?1 AND id < ?2
         ORDER BY id LIMIT ?3"
    ));
    let query = query.bind(event_id(room.id, after)).bind(end_of(room.id)).bind(i64::from(limit) + 1);
    let event = |row: &SqliteRow| match row.try_get::<Option<i64>, _>("kind")? {
        Some(_) => row::changed(row, &room.address).map(RoomEvent::Changed),
        None => row::posted(row, &room.address).map(RoomEvent::Posted),
    };
    let limit = PageLimit { count: limit.into(), bytes: PAGE_BYTES };
    let (items, next) = page_fill::rows(connection, query, limit, event, wire_size::event).await?;
    Ok(Page { items, more: next.is_some() })
}

/// Returns the first messages after `after`, oldest first, and the seq of the first one that does not fit.
pub(super) async fn messages_after(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    limit: PageLimit,
    viewer: UserId,
) -> Result<(Vec<Posted>, Option<Seq>), StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
    ));
    let query = query.bind(event_id(room.id, after)).bind(end_of(room.id)).bind(limit.count as i64 + 1);
    page_fill::messages(connection, query, room, limit, viewer).await
}

/// Returns the last messages before `before`, newest first, and the seq of the first one that does not fit.
pub(super) async fn messages_before(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    before: Option<Seq>,
    limit: PageLimit,
    viewer: UserId,
) -> Result<(Vec<Posted>, Option<Seq>), StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ?"
    ));
    let end = before.map_or(end_of(room.id), |seq| event_id(room.id, seq));
    let query = query.bind(event_id(room.id, Seq::ZERO)).bind(end).bind(limit.count as i64 + 1);
    page_fill::messages(connection, query, room, limit, viewer).await
}

pub(super) async fn unread(
    connection: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    read: Seq,
    end: Seq,
) -> Result<UnreadCount, StoreError> {
    let query = sqlx::query(
        "SELECT
            (SELECT count(*) FROM (SELECT 1 FROM messages
                WHERE id > ?1 AND id <= ?2 AND author <> ?3 AND NOT deleted
                    AND author NOT IN (SELECT other FROM blocked WHERE user = ?3) LIMIT ?4)),
            (SELECT count(*) FROM (SELECT DISTINCT messages.id FROM mentions
                JOIN messages ON messages.id = mentions.message
                WHERE mentions.user IN (?3, x'') AND message > ?1 AND message <= ?2 AND author <> ?3
                    AND author NOT IN (SELECT other FROM blocked WHERE blocked.user = ?3) LIMIT ?4))",
    );
    let query = query.bind(event_id(room, read)).bind(event_id(room, end));
    let row = query.bind(row::blob(user.uuid())).bind(UNREAD_COUNTED).fetch_one(connection).await?;
    Ok(UnreadCount { messages: row.try_get(0)?, mentions: row.try_get(1)?, counted_seq: end })
}
