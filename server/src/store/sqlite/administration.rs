//! Lists of all accounts and rooms, for administrators.

use shared::account::Role;
use shared::all_rooms::{ListedRoom, ListedRooms};
use shared::{RoomName, ShortText, Timestamp, UserId, UserName};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::row::{self, corrupt};
use super::{entrance, mail, people};
use crate::store::{AccountSummary, StoreError};

/// Selects what [`account`] reads.
macro_rules! accounts {
    ($rest:literal) => {
        concat!(
            "SELECT users.id, name, kind, disabled, created_at, role, mail,
                (SELECT max(used_at) FROM sessions WHERE sessions.user = accounts.user)
             FROM accounts JOIN users ON users.id = user ",
            $rest
        )
    };
}

/// Every account, oldest first.
pub(super) async fn accounts(reader: &mut SqliteConnection) -> Result<Vec<AccountSummary>, StoreError> {
    let query = sqlx::query(accounts!("ORDER BY created_at, users.id"));
    query.fetch_all(reader).await?.iter().map(account).collect()
}

/// The accounts that administrate the server.
pub(super) async fn administrators(reader: &mut SqliteConnection) -> Result<Vec<UserId>, StoreError> {
    let query = sqlx::query("SELECT user FROM accounts WHERE role >= ?").bind(Role::Admin as i64);
    query.fetch_all(reader).await?.iter().map(|row| Ok(UserId::new(row::uuid(row, 0)?))).collect()
}

/// At most `limit` accounts after the name `after`, by name: those whose names contain `part`.
pub(super) async fn accounts_by_name(
    reader: &mut SqliteConnection,
    part: &str,
    after: &str,
    limit: u16,
) -> Result<Vec<AccountSummary>, StoreError> {
    // What is not a whole name has a key all the same.
    let key = |text: &str| UserName::new(text).map_or_else(|_| text.to_lowercase(), |name| name.key());
    let query =
        sqlx::query(accounts!("WHERE name_key > ?1 AND instr(name_key, ?2) > 0 ORDER BY name_key LIMIT ?3"));
    let query = query.bind(key(after)).bind(key(part)).bind(limit);
    query.fetch_all(reader).await?.iter().map(account).collect()
}

fn account(row: &SqliteRow) -> Result<AccountSummary, StoreError> {
    let (user, disabled) = (people::user(row)?, row.try_get(3)?);
    let created_at = Timestamp::from_millis(row.try_get(4)?);
    let mail: Option<String> = row.try_get(6)?;
    let mail = mail.map(|mail| mail::known(&mail)).transpose()?;
    let used_at: Option<i64> = row.try_get(7)?;
    let used_at = used_at.map(Timestamp::from_millis);
    Ok(AccountSummary { user, role: entrance::role(row, 5)?, disabled, created_at, used_at, mail })
}

/// At most `limit` public rooms after the name `after`, and how many others there are.
pub(super) async fn rooms(
    reader: &mut SqliteConnection,
    after: &str,
    limit: u16,
) -> Result<ListedRooms, StoreError> {
    let query = sqlx::query(
        "SELECT name, topic, (SELECT count(*) FROM memberships WHERE room = rooms.id), created_at, archived,
            permanent, max(
                coalesce((SELECT max(id) FROM messages WHERE id > rooms.id << 40 AND id < (rooms.id + 1) << 40), 0),
                coalesce((SELECT max(id) FROM changes WHERE id > rooms.id << 40 AND id < (rooms.id + 1) << 40), 0)
            )
         FROM rooms WHERE kind = 0 AND state = 0 AND name > ? ORDER BY name LIMIT ?",
    );
    let rows = query.bind(after).bind(limit + 1).fetch_all(&mut *reader).await?;
    let rooms = rows.iter().take(limit.into()).map(|row| {
        let topic: Option<String> = row.try_get(1)?;
        Ok(ListedRoom {
            room: RoomName::known(row.try_get(0)?).map_err(corrupt)?,
            topic: topic.and_then(|topic| ShortText::known(&topic).ok()),
            members: row.try_get::<i64, _>(2)?.unsigned_abs(),
            created_at: Timestamp::from_millis(row.try_get(3)?),
            archived: row.try_get(4)?,
            permanent: row.try_get(5)?,
            seq: row::seq_of(row.try_get(6)?).0,
        })
    });
    let rooms = rooms.collect::<Result<_, StoreError>>()?;
    let query =
        sqlx::query("SELECT count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 2) FROM rooms");
    let others = query.fetch_one(reader).await?;
    Ok(ListedRooms {
        rooms,
        more: rows.len() > usize::from(limit),
        private_rooms: others.try_get::<i64, _>(0)?.unsigned_abs(),
        conversations: others.try_get::<i64, _>(1)?.unsigned_abs(),
    })
}
