//! Bans and mutes.

use std::time::Duration;

use shared::limits::RESTRICTIONS_PER_ROOM;
use shared::{Change, ErrorCode, Person, Restriction, RestrictionKind, ShortText, Timestamp, UserId};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::row::{self, corrupt};
use super::sequences::SequenceAllocator;
use super::{audit, doors, room_links};
use crate::room::RoomId;
use crate::store::{Act, NewRestriction, Outcome, RestrictionChange, StoreError};

const BAN: i64 = 0;
const MUTE: i64 = 1;

const fn number(kind: RestrictionKind) -> i64 {
    match kind {
        RestrictionKind::Ban | RestrictionKind::Unknown => BAN,
        RestrictionKind::Mute => MUTE,
    }
}

/// Begins or ends a restriction.
pub(super) async fn set(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    new: &NewRestriction,
) -> Result<Outcome, StoreError> {
    let NewRestriction { room, by, member, kind, change, is_member, timestamp } = new;
    // Those that have ended need no room.
    let ended = sqlx::query("DELETE FROM restrictions WHERE room = ? AND until <= ?");
    ended.bind(room.id.0).bind(timestamp.millis()).execute(&mut *connection).await?;
    let old = sqlx::query("DELETE FROM restrictions WHERE room = ? AND user = ? AND kind = ?");
    let old = old.bind(room.id.0).bind(row::blob(member.user_id.uuid())).bind(number(*kind));
    let had = old.execute(&mut *connection).await?.rows_affected() > 0;
    let RestrictionChange::Set { seconds, reason, is_removal } = change else {
        if had {
            let act = Act::LiftRestriction { kind: *kind };
            audit::record(connection, *timestamp, by, Some(room), Some(member), &act).await?;
        }
        return Ok(Outcome::Done);
    };
    let count = sqlx::query("SELECT count(*) FROM restrictions WHERE room = ?").bind(room.id.0);
    if count.fetch_one(&mut *connection).await?.try_get::<i64, _>(0)? >= RESTRICTIONS_PER_ROOM as i64 {
        return Ok(Outcome::Refused(ErrorCode::TooMany));
    }
    let query = sqlx::query(
        "INSERT INTO restrictions (room, user, kind, name, by_user, by_name, reason, created_at, until)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE EXISTS (SELECT 1 FROM rooms WHERE id = ?1)",
    );
    let query = query
        .bind(room.id.0)
        .bind(row::blob(member.user_id.uuid()))
        .bind(number(*kind))
        .bind(member.user.as_str())
        .bind(row::blob(by.user_id.uuid()))
        .bind(by.user.as_str())
        .bind(doors::text(reason.as_ref()))
        .bind(timestamp.millis())
        .bind(seconds.map(|seconds| timestamp.later(Duration::from_secs(seconds.into())).millis()));
    query.execute(&mut *connection).await?;
    let act = match is_removal {
        true => Act::RemoveMember { reason: reason.clone() },
        false => Act::Restrict { kind: *kind, seconds: *seconds, reason: reason.clone() },
    };
    audit::record(connection, *timestamp, by, Some(room), Some(member), &act).await?;
    if *kind != RestrictionKind::Ban {
        return Ok(Outcome::Done);
    }
    // Whoever is banned may know the links that others have made, which lead into a private room by themselves.
    let made_by = (!room.is_private()).then_some(member.user_id);
    room_links::withdraw_all(connection, room.id, made_by).await?;
    let query = sqlx::query("DELETE FROM memberships WHERE room = ? AND user = ?");
    let query = query.bind(room.id.0).bind(row::blob(member.user_id.uuid()));
    let was_stored = query.execute(&mut *connection).await?.rows_affected() > 0;
    // Guests of public rooms are members without being stored as such.
    if !was_stored && (room.is_private() || !is_member) {
        return Ok(Outcome::Done);
    }
    let change = Change::MemberRemoved { member: member.clone(), reason: reason.clone() };
    let mut events = vec![doors::append(connection, sequences, room, Some(by), *timestamp, change).await?];
    events.extend(doors::succeed(connection, sequences, room, *timestamp).await?);
    Ok(Outcome::RoomChanged(events))
}

/// Returns the restrictions that are in force at `at`, of all rooms.
pub(super) async fn restrictions(
    connection: &mut SqliteConnection,
    at: Timestamp,
) -> Result<Vec<(RoomId, Restriction)>, StoreError> {
    let query = sqlx::query(
        "SELECT room, user, name, kind, by_user, by_name, reason, created_at, until FROM restrictions
         WHERE until IS NULL OR until > ? ORDER BY room, created_at",
    );
    let rows = query.bind(at.millis()).fetch_all(connection).await?;
    let read = |row: &sqlx::sqlite::SqliteRow| -> Result<(RoomId, Restriction), StoreError> {
        let reason: Option<&str> = row.try_get(6)?;
        let restriction = Restriction {
            user_id: UserId::new(row::uuid(row, 1)?),
            user: row::name(row, 2)?,
            kind: match row.try_get::<i64, _>(3)? {
                MUTE => RestrictionKind::Mute,
                _ => RestrictionKind::Ban,
            },
            until: row.try_get::<Option<i64>, _>(8)?.map(Timestamp::from_millis),
            by: Person { user_id: UserId::new(row::uuid(row, 4)?), user: row::name(row, 5)? },
            reason: reason.map(|text| ShortText::known(text).map_err(corrupt)).transpose()?,
            timestamp: Timestamp::from_millis(row.try_get(7)?),
        };
        Ok((RoomId(row.try_get(0)?), restriction))
    };
    rows.iter().map(read).collect()
}

/// Whether somebody is banned from a room at `at`.
pub(super) async fn is_banned(
    connection: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "SELECT 1 FROM restrictions WHERE room = ? AND user = ? AND kind = 0 AND (until IS NULL OR until > ?)",
    );
    let query = query.bind(room.0).bind(row::blob(user.uuid())).bind(at.millis());
    Ok(query.fetch_optional(connection).await?.is_some())
}

/// Drops a ban that has ended when somebody comes in again: it is over for good, also if the clock is set back later.
pub(super) async fn forget_ended_ban(
    connection: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM restrictions WHERE room = ? AND user = ? AND kind = 0");
    query.bind(room.0).bind(row::blob(user.uuid())).execute(connection).await?;
    Ok(())
}
