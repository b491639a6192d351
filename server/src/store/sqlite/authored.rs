//! What somebody wrote, reacted and changed, and which rooms they are or were in.

use shared::limits::PAGE_BYTES;
use shared::{RoomEvent, Seq, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::page_fill::{self, PageLimit};
use super::row::{self, event_id, message_columns};
use super::{log, read};
use crate::room::{RoomId, RoomInfo};
use crate::store::{Authored, AuthoredEvent, Bond, StoreError, wire_size};

/// Places of the log that one query looks at, so that it ends soon.
const SPAN: u64 = 20_000;
/// Events that it returns.
const LIMIT: PageLimit = PageLimit { count: 200, bytes: PAGE_BYTES };

/// Returns the rooms that somebody is a member of or has a read mark in.
pub(super) async fn bonds(connection: &mut SqliteConnection, user: UserId) -> Result<Vec<Bond>, StoreError> {
    let query = sqlx::query(
        "SELECT room, max(member), max(read_seq) FROM
           (SELECT room, 1 AS member, NULL AS read_seq FROM memberships WHERE user = ?1
            UNION ALL SELECT room, 0, read_seq FROM reads WHERE user = ?1)
         GROUP BY room ORDER BY room",
    );
    let bond = |row: &SqliteRow| {
        let read = row.try_get::<Option<i64>, _>(2)?.map(|seq| Seq(seq as u64));
        Ok(Bond { room: RoomId(row.try_get(0)?), member: row.try_get(1)?, read })
    };
    query.bind(row::blob(user.uuid())).fetch_all(connection).await?.iter().map(bond).collect()
}

/// Returns events by somebody after `after`, and after which seq to go on. Nothing if the room has gone: another one may
/// have its id by now.
pub(super) async fn authored(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    user: UserId,
    after: Seq,
) -> Result<Authored, StoreError> {
    let head = log::extent(connection, room.id).await?.head;
    if head <= after || !read::is_there(connection, room).await? {
        return Ok(Authored::default());
    }
    let to = Seq(after.0 + SPAN).min(head);
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        ", original, NULL AS kind, NULL AS target, NULL AS emoji FROM messages
         WHERE id > ?1 AND id <= ?2 AND author = ?3
         UNION ALL
         SELECT id, NULL, author, name, client_message_id, content, created_at, NULL, mentions, NULL, NULL, NULL, NULL,
                NULL, kind, target, emoji FROM changes
         WHERE id > ?1 AND id <= ?2 AND author = ?3
         ORDER BY id LIMIT ?4"
    ));
    let query = query.bind(event_id(room.id, after)).bind(event_id(room.id, to));
    let query = query.bind(row::blob(user.uuid())).bind(LIMIT.count as i64 + 1);
    let read = |row: &SqliteRow| {
        let event = match row.try_get::<Option<i64>, _>("kind")? {
            Some(_) => RoomEvent::Changed(row::changed(row, &room.address)?),
            None => RoomEvent::Posted(row::posted(row, &room.address)?),
        };
        let original = row.try_get::<Option<&str>, _>("original")?.map(row::text).transpose()?;
        Ok(AuthoredEvent { event, original })
    };
    let (events, more) = page_fill::rows(connection, query, LIMIT, read, size).await?;
    let end = match (more, events.last()) {
        (Some(_), Some(last)) => last.event.seq(),
        _ => to,
    };
    Ok(Authored { events, next: (end < head).then_some(end) })
}

fn size(authored: &AuthoredEvent) -> usize {
    wire_size::event(&authored.event) + authored.original.as_ref().map_or(0, |text| text.as_str().len())
}
