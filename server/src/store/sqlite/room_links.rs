//! Links that let people into a room.

use std::sync::Arc;

use shared::limits::LINKS_PER_ROOM;
use shared::{ErrorCode, Timestamp, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use uuid::Uuid;

use super::doors;
use super::read::{self, room_columns, room_info};
use super::row;
use super::sequences::SequenceAllocator;
use crate::room::RoomId;
use crate::server_time::ServerTime;
use crate::store::{At, Outcome, RoomLink, RoomLinkUse, SecretHash, StoreError};

/// Selects what [`link`] reads, of links that have not ended. The columns of the room come first.
macro_rules! links {
    () => {
        concat!(
            "SELECT ",
            room_columns!(),
            ", link, made_by, made_at, ends_at, expires_at, uses_left FROM rooms JOIN (
                 SELECT id AS link, room, secret, made_by, made_at, ends_at, expires_at, uses_left FROM room_links
                 WHERE ends_at > ?1 AND expires_at > ?2
             ) ON room = id WHERE state = 0"
        )
    };
}

/// Adds a link, and drops the ended ones.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    link: &RoomLink,
    secret: &SecretHash,
    at: At,
) -> Result<Outcome, StoreError> {
    let RoomLink { id, room, made_by, made_at, ends_at, expires_at, uses_left } = link;
    let query = sqlx::query("DELETE FROM room_links WHERE ends_at <= ? OR expires_at <= ?");
    query.bind(at.0.millis()).bind(at.1.millis()).execute(&mut *connection).await?;
    // Whoever makes it may have been removed meanwhile.
    if !read::is_there(connection, room).await? || !doors::may_write(connection, room, *made_by).await? {
        return Ok(Outcome::Refused(ErrorCode::NotAMember));
    }
    let query = sqlx::query(
        "INSERT INTO room_links (id, secret, room, made_by, made_at, ends_at, expires_at, uses_left)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE (SELECT count(*) FROM room_links WHERE room = ?3) < ?9
         AND EXISTS (SELECT 1 FROM users WHERE id = ?4)",
    );
    let query = query.bind(row::blob(*id)).bind(&secret[..]).bind(room.id.0);
    let query = query.bind(row::blob(made_by.uuid())).bind(made_at.millis()).bind(ends_at.millis());
    let query = query.bind(expires_at.millis()).bind(uses_left).bind(LINKS_PER_ROOM as i64);
    let is_added = query.execute(connection).await?.rows_affected() > 0;
    Ok(if is_added { Outcome::Done } else { Outcome::Refused(ErrorCode::TooMany) })
}

/// Returns the link with this secret, unless it has ended.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    secret: &SecretHash,
    at: At,
) -> Result<Option<RoomLink>, StoreError> {
    let query = sqlx::query(concat!(links!(), " AND secret = ?3"));
    let query = query.bind(at.0.millis()).bind(at.1.millis()).bind(&secret[..]);
    query.fetch_optional(connection).await?.as_ref().map(link).transpose()
}

/// Returns the links into a room that have not ended, the newest first.
pub(super) async fn into(
    connection: &mut SqliteConnection,
    room: RoomId,
    at: At,
) -> Result<Vec<RoomLink>, StoreError> {
    let query = sqlx::query(concat!(links!(), " AND id = ?3 ORDER BY made_at DESC, link"));
    let query = query.bind(at.0.millis()).bind(at.1.millis()).bind(room.0);
    query.fetch_all(connection).await?.iter().map(link).collect()
}

/// Returns the links that somebody has made and that have not ended.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    user: UserId,
    at: At,
) -> Result<Vec<RoomLink>, StoreError> {
    let query = sqlx::query(concat!(links!(), " AND made_by = ?3 ORDER BY made_at, link"));
    let query = query.bind(at.0.millis()).bind(at.1.millis()).bind(row::blob(user.uuid()));
    query.fetch_all(connection).await?.iter().map(link).collect()
}

/// Uses a link once, unless whoever uses it is a member already.
pub(super) async fn use_up(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    used: &RoomLinkUse,
) -> Result<Outcome, StoreError> {
    let ended = Outcome::Refused(ErrorCode::LinkEnded);
    let Some(link) = find(connection, &used.secret, used.at).await? else { return Ok(ended) };
    let outcome = match &used.membership {
        None => Outcome::Done,
        Some(new) if *new.room != *link.room || new.by.user_id != link.made_by => return Ok(ended),
        Some(new) => match doors::set_membership(connection, sequences, new).await? {
            Outcome::Refused(ErrorCode::NotAMember) => return Ok(ended),
            changed @ Outcome::RoomChanged(_) => changed,
            other => return Ok(other),
        },
    };
    let sql = match link.uses_left {
        0 | 1 => "DELETE FROM room_links WHERE id = ?",
        _ => "UPDATE room_links SET uses_left = uses_left - 1 WHERE id = ?",
    };
    sqlx::query(sql).bind(row::blob(link.id)).execute(connection).await?;
    Ok(outcome)
}

/// Withdraws a link into a room; with `of` only one that this user has made.
pub(super) async fn withdraw(
    connection: &mut SqliteConnection,
    room: RoomId,
    id: Uuid,
    of: Option<UserId>,
) -> Result<Outcome, StoreError> {
    let query =
        sqlx::query("DELETE FROM room_links WHERE id = ?1 AND room = ?2 AND (?3 IS NULL OR made_by = ?3)");
    let query = query.bind(row::blob(id)).bind(room.0).bind(of.map(|user| row::blob(user.uuid())));
    let is_gone = query.execute(connection).await?.rows_affected() > 0;
    Ok(if is_gone { Outcome::Done } else { Outcome::Refused(ErrorCode::NotFound) })
}

/// Withdraws the links into a room that somebody has made, or all.
pub(super) async fn withdraw_all(
    connection: &mut SqliteConnection,
    room: RoomId,
    made_by: Option<UserId>,
) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM room_links WHERE room = ?1 AND (?2 IS NULL OR made_by = ?2)");
    let query = query.bind(room.0).bind(made_by.map(|user| row::blob(user.uuid())));
    query.execute(connection).await?;
    Ok(())
}

/// Withdraws all links into rooms that somebody has made.
pub(super) async fn withdraw_by(
    connection: &mut SqliteConnection,
    made_by: UserId,
) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM room_links WHERE made_by = ?").bind(row::blob(made_by.uuid()));
    query.execute(connection).await?;
    Ok(())
}

fn link(row: &SqliteRow) -> Result<RoomLink, StoreError> {
    Ok(RoomLink {
        id: row::uuid(row, 11)?,
        room: Arc::new(room_info(row)?),
        made_by: UserId::new(row::uuid(row, 12)?),
        made_at: Timestamp::from_millis(row.try_get(13)?),
        ends_at: ServerTime::from_millis(row.try_get(14)?),
        expires_at: Timestamp::from_millis(row.try_get(15)?),
        uses_left: row.try_get(16)?,
    })
}
