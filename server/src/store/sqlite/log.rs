//! What is read from the rooms' logs.

use shared::{
    Posted, Reaction, Reactor, RoomEvent, Seq, Timestamp, UnreadCount, UserId, Version,
    limits::{REACTORS_LISTED, UNREAD_COUNTED},
};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection, QueryBuilder, Row, Sqlite};

use super::row::{self, corrupt, end_of, event_id, message_columns, seq_of};
use crate::room::{RoomId, RoomInfo};
use crate::store::{Extent, StoreError};

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

/// At most `limit` events after `after`, oldest first, all of one moment.
pub(super) async fn after(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    limit: u16,
    viewer: UserId,
) -> Result<Vec<RoomEvent>, StoreError> {
    let events = events_after(connection, room, after, limit).await?;
    let is_whole =
        |event: &RoomEvent| !matches!(event, RoomEvent::Posted(posted) if may_have_reactions(posted));
    if events.iter().all(is_whole) {
        return Ok(events);
    }
    let mut transaction = connection.begin().await?;
    let mut events = events_after(&mut transaction, room, after, limit).await?;
    for event in &mut events {
        if let RoomEvent::Posted(posted) = event {
            add_reactions(&mut transaction, room.id, posted, viewer).await?;
        }
    }
    Ok(events)
}

/// The same without reactions: one statement, which is of one moment by itself.
async fn events_after(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    limit: u16,
) -> Result<Vec<RoomEvent>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        ", NULL AS kind, NULL AS target, NULL AS emoji FROM messages WHERE id > ?1 AND id < ?2
         UNION ALL
         SELECT id, NULL, author, name, client_message_id, content, created_at, NULL, mentions, NULL, NULL, NULL, NULL,
                kind, target, emoji FROM changes WHERE id > ?1 AND id < ?2
         ORDER BY id LIMIT ?3"
    ));
    let query = query.bind(event_id(room.id, after)).bind(end_of(room.id)).bind(i64::from(limit));
    let event = |row: &SqliteRow| match row.try_get::<Option<i64>, _>("kind")? {
        Some(_) => row::changed(row, &room.address).map(RoomEvent::Changed),
        None => row::posted(row, &room.address).map(RoomEvent::Posted),
    };
    query.fetch_all(connection).await?.iter().map(event).collect()
}

/// At most `limit` messages after `after`, oldest first.
pub(super) async fn messages_after(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    limit: u16,
    viewer: UserId,
) -> Result<Vec<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
    ));
    let query = query.bind(event_id(room.id, after)).bind(end_of(room.id)).bind(i64::from(limit));
    let rows = query.fetch_all(&mut *connection).await?;
    whole(connection, room, viewer, rows.iter()).await
}

/// At most `limit` messages before `before`, oldest first.
pub(super) async fn messages_before(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    before: Option<Seq>,
    limit: u16,
    viewer: UserId,
) -> Result<Vec<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ?"
    ));
    let end = before.map_or(end_of(room.id), |seq| event_id(room.id, seq));
    let query = query.bind(event_id(room.id, Seq::ZERO)).bind(end).bind(i64::from(limit));
    let rows = query.fetch_all(&mut *connection).await?;
    whole(connection, room, viewer, rows.iter().rev()).await
}

pub(super) async fn messages(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    seqs: &[Seq],
    viewer: UserId,
) -> Result<Vec<Posted>, StoreError> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let select = concat!("SELECT ", message_columns!(), " FROM messages WHERE id IN (");
    let mut query = QueryBuilder::<Sqlite>::new(select);
    let mut places = query.separated(", ");
    for &seq in seqs {
        places.push_bind(event_id(room.id, seq));
    }
    query.push(") ORDER BY id");
    let rows = query.build().fetch_all(&mut *connection).await?;
    whole(connection, room, viewer, rows.iter()).await
}

pub(super) async fn pins(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    viewer: UserId,
) -> Result<Vec<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE pinned AND id > ? AND id < ? ORDER BY id"
    ));
    let query = query.bind(event_id(room.id, Seq::ZERO)).bind(end_of(room.id));
    let rows = query.fetch_all(&mut *connection).await?;
    whole(connection, room, viewer, rows.iter()).await
}

pub(super) async fn replies(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    target: Seq,
    after: Seq,
    limit: u16,
    viewer: UserId,
) -> Result<Vec<Posted>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE reply_to = ? AND id > ? ORDER BY id LIMIT ?"
    ));
    let query = query.bind(event_id(room.id, target)).bind(event_id(room.id, after)).bind(i64::from(limit));
    let rows = query.fetch_all(&mut *connection).await?;
    whole(connection, room, viewer, rows.iter()).await
}

pub(super) async fn versions(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    target: Seq,
) -> Result<Vec<Version>, StoreError> {
    let query = sqlx::query(
        "SELECT coalesce(original, content), created_at FROM messages WHERE id = ?1 AND NOT deleted
         UNION ALL
         SELECT * FROM (SELECT content, created_at FROM changes
                        WHERE target = ?1 AND kind = 1 AND content IS NOT NULL ORDER BY id)",
    );
    let rows = query.bind(event_id(room.id, target)).fetch_all(connection).await?;
    let version = |row: &SqliteRow| {
        let content = row::text(row.try_get(0)?)?;
        Ok(Version { content, timestamp: Timestamp::from_millis(row.try_get(1)?) })
    };
    rows.iter().map(version).collect()
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
                WHERE id > ?1 AND id <= ?2 AND author <> ?3 AND NOT deleted LIMIT ?4)),
            (SELECT count(*) FROM (SELECT DISTINCT messages.id FROM mentions
                JOIN messages ON messages.id = mentions.message
                WHERE mentions.user IN (?3, x'') AND message > ?1 AND message <= ?2 AND author <> ?3 LIMIT ?4))",
    );
    let query = query.bind(event_id(room, read)).bind(event_id(room, end));
    let row = query.bind(row::blob(user.uuid())).bind(UNREAD_COUNTED).fetch_one(connection).await?;
    Ok(UnreadCount { messages: row.try_get(0)?, mentions: row.try_get(1)?, counted_seq: end })
}

/// Messages with their reactions.
async fn whole<'r>(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    viewer: UserId,
    rows: impl Iterator<Item = &'r SqliteRow>,
) -> Result<Vec<Posted>, StoreError> {
    let mut messages = rows.map(|row| row::posted(row, &room.address)).collect::<Result<Vec<_>, _>>()?;
    for posted in &mut messages {
        add_reactions(connection, room.id, posted, viewer).await?;
    }
    Ok(messages)
}

/// Most messages were never changed and cost no further look.
async fn add_reactions(
    connection: &mut SqliteConnection,
    room: RoomId,
    posted: &mut Posted,
    viewer: UserId,
) -> Result<(), StoreError> {
    if may_have_reactions(posted) {
        posted.reactions = reactions(connection, event_id(room, posted.seq), viewer).await?;
    }
    Ok(())
}

fn may_have_reactions(posted: &Posted) -> bool {
    posted.changed_seq.is_some() && !posted.deleted
}

pub(super) async fn reactions(
    connection: &mut SqliteConnection,
    message: i64,
    viewer: UserId,
) -> Result<Vec<Reaction>, StoreError> {
    let query =
        sqlx::query("SELECT emoji, user, name FROM reactions WHERE message = ? ORDER BY kind_seq, seq");
    let mut reactions: Vec<Reaction> = Vec::new();
    for row in query.bind(message).fetch_all(connection).await? {
        let emoji: &str = row.try_get(0)?;
        if reactions.last().is_none_or(|last| last.emoji.as_str() != emoji) {
            let emoji = shared::Emoji::new(emoji).map_err(corrupt)?;
            reactions.push(Reaction { emoji, count: 0, users: Vec::new() });
        }
        let Some(reaction) = reactions.last_mut() else { continue };
        reaction.count += 1;
        let user_id = UserId::new(row::uuid(&row, 1)?);
        if reaction.users.len() < REACTORS_LISTED || user_id == viewer {
            reaction.users.push(Reactor { user_id, user: row::name(&row, 2)? });
        }
    }
    Ok(reactions)
}
