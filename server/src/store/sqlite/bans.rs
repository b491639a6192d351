//! Bans from the server.

use std::net::IpAddr;

use shared::{ErrorCode, Person, ShortText, Timestamp, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::row::{self, corrupt};
use super::{audit, doors};
use crate::store::{Act, NewServerBan, Outcome, ServerBan, StoreError};

/// Bans that are in force at any time.
const BANS: i64 = 1_000;

/// The columns of [`ban`].
macro_rules! columns {
    () => {
        "id, user, name, by_user, by_name, address, reason, created_at, until"
    };
}

/// Begins a ban.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    new: &NewServerBan,
) -> Result<Outcome, StoreError> {
    let ended = sqlx::query("DELETE FROM bans WHERE until <= ?").bind(new.timestamp.millis());
    ended.execute(&mut *connection).await?;
    let address = new.address.map(|address| address.to_string());
    let user = new.user.as_ref().map(|user| row::blob(user.user_id.uuid()));
    let same = sqlx::query(
        "DELETE FROM bans WHERE CASE WHEN ?1 IS NULL THEN address IS NULL AND user = ?2 ELSE address = ?1 END",
    );
    same.bind(address.as_deref()).bind(user.as_deref()).execute(&mut *connection).await?;
    let count = sqlx::query("SELECT count(*) FROM bans").fetch_one(&mut *connection).await?;
    if count.try_get::<i64, _>(0)? >= BANS {
        return Ok(Outcome::Refused(ErrorCode::TooMany));
    }
    let query = sqlx::query(
        "INSERT INTO bans (user, name, by_user, by_name, address, reason, created_at, until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    let query = query
        .bind(user)
        .bind(new.user.as_ref().map(|user| user.user.as_str()))
        .bind(row::blob(new.by.user_id.uuid()))
        .bind(new.by.user.as_str())
        .bind(address.as_deref())
        .bind(doors::text(new.reason.as_ref()))
        .bind(new.timestamp.millis())
        .bind(new.until.map(Timestamp::millis));
    let id = query.execute(&mut *connection).await?.last_insert_rowid();
    let act = Act::Ban { address, until: new.until, reason: new.reason.clone() };
    audit::record(connection, new.timestamp, &new.by, None, new.user.as_ref(), &act).await?;
    Ok(Outcome::Banned(id as u64))
}

/// Ends a ban.
pub(super) async fn lift(
    connection: &mut SqliteConnection,
    id: u64,
    by: &Person,
    timestamp: Timestamp,
) -> Result<Outcome, StoreError> {
    let query = sqlx::query(concat!("DELETE FROM bans WHERE id = ? RETURNING ", columns!()));
    let query = query.bind(i64::try_from(id).unwrap_or(i64::MAX));
    let Some(row) = query.fetch_optional(&mut *connection).await? else {
        return Ok(Outcome::Refused(ErrorCode::NotFound));
    };
    let ban = ban(&row)?;
    let act = Act::LiftBan { address: ban.address.map(|address| address.to_string()) };
    audit::record(connection, timestamp, by, None, ban.user.as_ref(), &act).await?;
    Ok(Outcome::Done)
}

/// Returns the bans that are in force at `at`, the oldest first.
pub(super) async fn bans(
    connection: &mut SqliteConnection,
    at: Timestamp,
) -> Result<Vec<ServerBan>, StoreError> {
    let select = concat!("SELECT ", columns!(), " FROM bans WHERE until IS NULL OR until > ? ORDER BY id");
    let rows = sqlx::query(select).bind(at.millis()).fetch_all(connection).await?;
    rows.iter().map(ban).collect()
}

fn ban(row: &SqliteRow) -> Result<ServerBan, StoreError> {
    let user = match row.try_get::<Option<&[u8]>, _>(1)? {
        Some(_) => Some(Person { user_id: UserId::new(row::uuid(row, 1)?), user: row::name(row, 2)? }),
        None => None,
    };
    let address: Option<&str> = row.try_get(5)?;
    let reason: Option<&str> = row.try_get(6)?;
    Ok(ServerBan {
        id: row.try_get::<i64, _>(0)? as u64,
        user,
        address: address.map(str::parse::<IpAddr>).transpose().map_err(corrupt)?,
        until: row.try_get::<Option<i64>, _>(8)?.map(Timestamp::from_millis),
        by: Person { user_id: UserId::new(row::uuid(row, 3)?), user: row::name(row, 4)? },
        reason: reason.map(|text| ShortText::known(text).map_err(corrupt)).transpose()?,
        timestamp: Timestamp::from_millis(row.try_get(7)?),
    })
}
