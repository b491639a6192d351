//! Reports of messages. What was said is copied, so that later edits and deletions do not change it.

use std::sync::Arc;

use shared::limits::{REPORTS_PER_PERSON, REPORTS_PER_ROOM};
use shared::report::{Report, Resolved};
use shared::{Epoch, ErrorCode, Person, RoomAddress, Seq, ShortText, Timestamp, UserId};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::read::{self, room_columns, room_info};
use super::row::{self, corrupt, event_id};
use super::{audit, doors};
use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;
use crate::store::{Act, NewReport, OpenReports, Outcome, ReportFilter, ResolvedReport, StoreError};

/// Selects what [`report`] reads.
macro_rules! reports {
    () => {
        "SELECT reports.id, rooms.name, rooms.title, seq, author, author_name, written_at, content, by_user, by_name,
         reason, reports.created_at, resolved_by, resolved_name, note, resolved_at
         FROM reports JOIN rooms ON rooms.id = room WHERE rooms.state = 0"
    };
}

/// Reports a message.
pub(super) async fn add(connection: &mut SqliteConnection, new: &NewReport) -> Result<Outcome, StoreError> {
    let NewReport { room, target, by, reason, timestamp } = new;
    if !read::is_there(connection, room).await? || !doors::may_write(connection, room, by.user_id).await? {
        return Ok(Outcome::Refused(ErrorCode::NotAMember));
    }
    let by_user = row::blob(by.user_id.uuid());
    let query = sqlx::query("SELECT author FROM messages WHERE id = ? AND NOT deleted");
    match query.bind(event_id(room.id, *target)).fetch_optional(&mut *connection).await? {
        None => return Ok(Outcome::Refused(ErrorCode::NoSuchMessage)),
        Some(row) if row.try_get::<&[u8], _>(0)? == by_user => {
            return Ok(Outcome::Refused(ErrorCode::Forbidden));
        }
        Some(_) => {}
    }
    let query = sqlx::query(
        "SELECT (SELECT count(*) FROM reports WHERE by_user = ?1 AND resolved_by IS NULL),
         (SELECT count(*) FROM reports WHERE room = ?2 AND resolved_by IS NULL),
         EXISTS (SELECT 1 FROM reports WHERE room = ?2 AND seq = ?3 AND by_user = ?1 AND resolved_by IS NULL)",
    );
    let query = query.bind(&by_user[..]).bind(room.id.0).bind(target.0 as i64);
    let row = query.fetch_one(&mut *connection).await?;
    if row.try_get(2)? {
        return Ok(Outcome::Done);
    }
    let is_full = |column, most: usize| Ok::<_, StoreError>(row.try_get::<i64, _>(column)? >= most as i64);
    if is_full(0, REPORTS_PER_PERSON)? || is_full(1, REPORTS_PER_ROOM)? {
        return Ok(Outcome::Refused(ErrorCode::TooMany));
    }
    let query = sqlx::query(
        "INSERT INTO reports (room, seq, author, author_name, written_at, content, by_user, by_name, reason, created_at)
         SELECT ?1, ?2, author, name, messages.created_at, content, ?3, ?4, ?5, ?6 FROM messages WHERE id = ?7",
    );
    let query = query.bind(room.id.0).bind(target.0 as i64).bind(by_user).bind(by.user.as_str());
    let query = query.bind(doors::text(reason.as_ref())).bind(timestamp.millis());
    query.bind(event_id(room.id, *target)).execute(&mut *connection).await?;
    count(connection, room).await
}

/// Settles a report.
pub(super) async fn resolve(
    connection: &mut SqliteConnection,
    new: &ResolvedReport,
) -> Result<Outcome, StoreError> {
    let ResolvedReport { id, room, by, note, also_own, timestamp, at } = new;
    let query = sqlx::query(
        "SELECT author, author_name, seq, resolved_by IS NULL FROM reports WHERE id = ? AND room = ?",
    );
    let query = query.bind(number(*id)).bind(room.id.0);
    let Some(row) = query.fetch_optional(&mut *connection).await? else {
        return Ok(Outcome::Refused(ErrorCode::NotFound));
    };
    let author = person(&row, 0)?;
    if author.user_id == by.user_id && !also_own {
        return Ok(Outcome::Refused(ErrorCode::Forbidden));
    }
    if !row.try_get::<bool, _>(3)? {
        return Ok(Outcome::Done);
    }
    let query = sqlx::query(
        "UPDATE reports SET resolved_by = ?, resolved_name = ?, resolved_at = ?, note = ?, closed_at = ?
         WHERE id = ?",
    );
    let query = query.bind(row::blob(by.user_id.uuid())).bind(by.user.as_str()).bind(timestamp.millis());
    let query = query.bind(doors::text(note.as_ref())).bind(at.millis()).bind(number(*id));
    query.execute(&mut *connection).await?;
    let seq = Seq(row.try_get::<i64, _>(2)? as u64);
    let act = Act::ResolveReport { report: *id, seq, note: note.clone() };
    audit::record(connection, *timestamp, by, Some(room), Some(&author), &act).await?;
    count(connection, room).await
}

/// The number of open reports of a room, by whom they are about.
async fn count(connection: &mut SqliteConnection, room: &RoomInfo) -> Result<Outcome, StoreError> {
    let query = sqlx::query(
        "SELECT author, count(*) FROM reports WHERE room = ? AND resolved_by IS NULL GROUP BY author",
    );
    let rows = query.bind(room.id.0).fetch_all(connection).await?;
    let about = rows.iter().map(|row| Ok((UserId::new(row::uuid(row, 0)?), row.try_get(1)?)));
    let about = about.collect::<Result<_, StoreError>>()?;
    Ok(Outcome::Reports(OpenReports { room: room.id, epoch: room.epoch, about }))
}

/// Returns reports with ids below `before`, the newest first.
pub(super) async fn page(
    connection: &mut SqliteConnection,
    of: ReportFilter,
    before: Option<u64>,
    limit: u16,
) -> Result<Vec<Report>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(concat!(reports!(), " AND reports.id < "));
    query.push_bind(before.map_or(i64::MAX, number));
    if let Some(room) = of.room {
        query.push(" AND room = ").push_bind(room.0);
    }
    if let Some(user) = of.not_about {
        query.push(" AND author <> ").push_bind(row::blob(user.uuid()));
    }
    match of.open {
        Some(true) => drop(query.push(" AND resolved_by IS NULL")),
        Some(false) => drop(query.push(" AND resolved_by IS NOT NULL")),
        None => {}
    }
    query.push(" ORDER BY reports.id DESC LIMIT ").push_bind(i64::from(limit));
    query.build().fetch_all(connection).await?.iter().map(report).collect()
}

/// Returns the reports that somebody made, oldest first.
pub(super) async fn by(connection: &mut SqliteConnection, user: UserId) -> Result<Vec<Report>, StoreError> {
    let query = sqlx::query(concat!(reports!(), " AND by_user = ? ORDER BY reports.id"));
    query.bind(row::blob(user.uuid())).fetch_all(connection).await?.iter().map(report).collect()
}

/// Returns the room of a report.
pub(super) async fn room(
    connection: &mut SqliteConnection,
    id: u64,
) -> Result<Option<Arc<RoomInfo>>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        room_columns!(),
        " FROM rooms WHERE state = 0 AND id = (SELECT room FROM reports WHERE id = ?)"
    ));
    let found = query.bind(number(id)).fetch_optional(connection).await?;
    found.map(|row| Ok(Arc::new(room_info(&row)?))).transpose()
}

/// Returns the rooms with open reports.
pub(super) async fn open(connection: &mut SqliteConnection) -> Result<Vec<OpenReports>, StoreError> {
    let query = sqlx::query(
        "SELECT room, epoch, author, count(*) FROM reports JOIN rooms ON rooms.id = room
         WHERE resolved_by IS NULL AND state = 0 GROUP BY room, author ORDER BY room",
    );
    let mut all: Vec<OpenReports> = Vec::new();
    for row in &query.fetch_all(connection).await? {
        let room = RoomId(row.try_get(0)?);
        let about = (UserId::new(row::uuid(row, 2)?), row.try_get(3)?);
        match all.last_mut().filter(|last| last.room == room) {
            Some(last) => last.about.push(about),
            None => {
                let epoch = Epoch::from_random(row.try_get::<i64, _>(1)? as u64);
                all.push(OpenReports { room, epoch, about: vec![about] });
            }
        }
    }
    Ok(all)
}

/// Drops the texts of reports that were settled by `texts`, and those that were by `rows`.
pub(super) async fn expire(
    connection: &mut SqliteConnection,
    texts: ServerTime,
    rows: ServerTime,
) -> Result<Outcome, StoreError> {
    let query = sqlx::query("DELETE FROM reports WHERE closed_at <= ?").bind(rows.millis());
    query.execute(&mut *connection).await?;
    let query = sqlx::query("UPDATE reports SET content = NULL WHERE closed_at <= ? AND content IS NOT NULL");
    query.bind(texts.millis()).execute(connection).await?;
    Ok(Outcome::Done)
}

/// Drops what somebody wrote, in messages that were reported and as a reason.
pub(super) async fn forget(connection: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    for sql in [
        "UPDATE reports SET content = NULL WHERE author = ? AND content IS NOT NULL",
        "UPDATE reports SET reason = NULL WHERE by_user = ? AND reason IS NOT NULL",
    ] {
        sqlx::query(sql).bind(row::blob(user.uuid())).execute(&mut *connection).await?;
    }
    Ok(())
}

fn report(row: &SqliteRow) -> Result<Report, StoreError> {
    let line = |column: usize| {
        let text = row.try_get::<Option<&str>, _>(column)?;
        text.map(|text| ShortText::known(text).map_err(corrupt)).transpose()
    };
    let resolved = match row.try_get::<Option<i64>, _>(15)? {
        Some(at) => {
            Some(Resolved { by: person(row, 12)?, note: line(14)?, timestamp: Timestamp::from_millis(at) })
        }
        None => None,
    };
    Ok(Report {
        id: row.try_get::<i64, _>(0)? as u64,
        room: RoomAddress::known(row.try_get(1)?).map_err(corrupt)?,
        title: line(2)?,
        seq: Seq(row.try_get::<i64, _>(3)? as u64),
        author: person(row, 4)?,
        written_at: Timestamp::from_millis(row.try_get(6)?),
        content: row.try_get::<Option<&str>, _>(7)?.map(row::text).transpose()?,
        by: person(row, 8)?,
        reason: line(10)?,
        timestamp: Timestamp::from_millis(row.try_get(11)?),
        resolved,
    })
}

fn person(row: &SqliteRow, column: usize) -> Result<Person, StoreError> {
    Ok(Person { user_id: UserId::new(row::uuid(row, column)?), user: row::name(row, column + 1)? })
}

fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}
