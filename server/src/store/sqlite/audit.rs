//! The audit log. An entry is written in the transaction of the act itself.

use serde_json::Value;
use shared::{Person, Timestamp, UserId, Whom};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};
use uuid::Uuid;

use super::row::{self, corrupt};
use crate::room::RoomInfo;
use crate::store::{Act, AuditEntry, AuditFilter, StoreError};

/// Appends an entry. Without `by` it was whoever runs the server.
pub(super) async fn record<'a>(
    connection: &mut SqliteConnection,
    timestamp: Timestamp,
    by: impl Into<Option<&'a Person>>,
    room: Option<&RoomInfo>,
    member: Option<&Person>,
    act: &Act,
) -> Result<(), StoreError> {
    let by = by.into();
    let detail = serde_json::to_value(act).map_err(corrupt)?;
    let query = sqlx::query(
        "INSERT INTO audit (created_at, act, by_user, by_name, room, user, name, detail)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    let query = query
        .bind(timestamp.millis())
        .bind(detail.get("act").and_then(Value::as_str).unwrap_or_default().to_owned())
        .bind(row::blob(by.map_or(Uuid::nil(), |by| by.user_id.uuid())))
        .bind(by.map_or("", |by| by.user.as_str()))
        .bind(room.map(|room| room.address.as_str()))
        .bind(member.map(|member| row::blob(member.user_id.uuid())))
        .bind(member.map(|member| member.user.as_str()))
        .bind(detail.to_string());
    query.execute(connection).await?;
    Ok(())
}

/// Returns entries with ids below `before`, the newest first.
pub(super) async fn entries(
    connection: &mut SqliteConnection,
    of: &AuditFilter,
    before: Option<u64>,
    limit: u16,
) -> Result<Vec<AuditEntry>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT id, created_at, by_user, by_name, room, user, name, detail FROM audit WHERE id < ",
    );
    query.push_bind(before.map_or(i64::MAX, |id| i64::try_from(id).unwrap_or(i64::MAX)));
    let AuditFilter { act, by, member, room, since, until } = of;
    if let Some(act) = act {
        query.push(" AND act = ").push_bind(act.as_str());
    }
    if let Some(by) = by {
        only(&mut query, by, (" AND by_user = ", " AND by_name = "));
    }
    if let Some(member) = member {
        only(&mut query, member, (" AND user = ", " AND name = "));
    }
    if let Some(room) = room {
        query.push(" AND room = ").push_bind(room.as_str());
    }
    if let Some(since) = since {
        query.push(" AND created_at >= ").push_bind(since.millis());
    }
    if let Some(until) = until {
        query.push(" AND created_at < ").push_bind(until.millis());
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(limit));
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(entry).collect()
}

/// Restricts a query to somebody.
fn only(query: &mut QueryBuilder<Sqlite>, whom: &Whom, (by_id, by_name): (&str, &str)) {
    match whom {
        Whom::Id(id) => query.push(by_id).push_bind(row::blob(id.uuid())),
        Whom::Name(name) => query.push(by_name).push_bind(name.as_str()).push(" COLLATE NOCASE"),
    };
}

fn entry(row: &SqliteRow) -> Result<AuditEntry, StoreError> {
    let member = match row.try_get::<Option<&[u8]>, _>(5)? {
        Some(_) => Some(person(row, 5)?),
        None => None,
    };
    let by = if row::uuid(row, 2)?.is_nil() { None } else { Some(person(row, 2)?) };
    Ok(AuditEntry {
        id: row.try_get::<i64, _>(0)? as u64,
        timestamp: Timestamp::from_millis(row.try_get(1)?),
        by,
        act: serde_json::from_str(row.try_get(7)?).map_err(corrupt)?,
        room: row.try_get(4)?,
        member,
    })
}

fn person(row: &SqliteRow, column: usize) -> Result<Person, StoreError> {
    Ok(Person { user_id: UserId::new(row::uuid(row, column)?), user: row::name(row, column + 1)? })
}
