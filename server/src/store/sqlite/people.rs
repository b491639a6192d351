//! Users, sessions, memberships and read marks.

use shared::{ErrorCode, SessionId, UserId};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::chunks::chunks;
use super::{rooms, row};
use crate::server_time::ServerTime;
use crate::store::{Outcome, SecretHash, Session, StoreError, User, Write};

/// The kind of users that are accounts; guests are 0.
pub(super) const ACCOUNT: i64 = 1;
/// Users per statement.
const SEEN_SIZES: [usize; 4] = [500, 50, 8, 1];

pub(super) async fn apply(connection: &mut SqliteConnection, write: &Write) -> Result<Outcome, StoreError> {
    let query = match write {
        Write::Post(_)
        | Write::Change(_)
        | Write::CreateRoom(_)
        | Write::Membership(_)
        | Write::Restriction(_)
        | Write::Details(_)
        | Write::Ban(_)
        | Write::LiftBan { .. }
        | Write::Audit { .. }
        | Write::Report(_)
        | Write::ResolveReport(_)
        | Write::ExpireReports { .. }
        | Write::AddRoomLink { .. }
        | Write::WithdrawRoomLink { .. }
        | Write::UseRoomLink(_)
        | Write::Tick { .. }
        | Write::Trim { .. }
        | Write::Purge { .. } => return Ok(Outcome::Done),
        Write::OpenRoom { name, make, epoch, permanent, at } => {
            return if *make {
                rooms::open(connection, name, *epoch, *permanent, *at, row::HIGHEST_ROOM).await
            } else {
                let found = rooms::reopen(connection, name, *permanent).await?;
                Ok(found.map_or(Outcome::Refused(ErrorCode::InvalidName), Outcome::Room))
            };
        }
        Write::SetLive { room, empty_since } => {
            // A room that is being purged is not changed.
            let sql = "UPDATE rooms SET empty_since = ? WHERE id = ? AND state = 0";
            let query = sqlx::query(sql);
            query.bind(empty_since.map(ServerTime::millis)).bind(room.0)
        }
        Write::SaveGuest { session: Session { id, user }, secret, at } => {
            let query = sqlx::query(
                "INSERT INTO users (id, kind, name, seen_at) VALUES (?, 0, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at WHERE kind = 0",
            );
            let query = query.bind(row::blob(user.id.uuid())).bind(user.name.as_str()).bind(at.millis());
            if query.execute(&mut *connection).await?.rows_affected() == 0 {
                // The guest has become an account.
                return Ok(Outcome::Refused(ErrorCode::NotAuthenticated));
            }
            let query = sqlx::query(
                "INSERT INTO sessions (id, user, secret) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            );
            query.bind(row::blob(id.uuid())).bind(row::blob(user.id.uuid())).bind(&secret[..])
        }
        Write::Seen { users, at } => {
            for chunk in chunks(users, &SEEN_SIZES) {
                let mut query = QueryBuilder::<Sqlite>::new("UPDATE users SET seen_at = ");
                query.push_bind(at.millis()).push(" WHERE id IN (");
                let mut places = query.separated(", ");
                for user in chunk {
                    places.push_bind(row::blob(user.uuid()));
                }
                query.push(")").build().execute(&mut *connection).await?;
            }
            return Ok(Outcome::Done);
        }
        // The user may have been forgotten in the meantime; then there is nothing to write.
        Write::SetMember { room, user, member: true } => {
            let query = sqlx::query(
                "INSERT INTO memberships (room, user) SELECT ?1, ?2
                 WHERE EXISTS (SELECT 1 FROM users WHERE id = ?2 AND kind != 2) AND EXISTS (SELECT 1 FROM rooms WHERE id = ?1)
                 ON CONFLICT DO NOTHING",
            );
            query.bind(room.0).bind(row::blob(user.uuid()))
        }
        Write::SetMember { room, user, member: false } => {
            let query = sqlx::query("DELETE FROM memberships WHERE room = ? AND user = ?");
            query.bind(room.0).bind(row::blob(user.uuid()))
        }
        Write::SetClosed { room, user, closed } => {
            let query = sqlx::query("UPDATE memberships SET closed = ? WHERE room = ? AND user = ?");
            let query = query.bind(closed.map(|seq| seq.0 as i64));
            query.bind(room.0).bind(row::blob(user.uuid()))
        }
        Write::SetRead { room, user, read } => {
            let query = sqlx::query(
                "INSERT INTO reads (room, user, read_seq) SELECT ?1, ?2, ?3
                 WHERE EXISTS (SELECT 1 FROM users WHERE id = ?2 AND kind != 2) AND EXISTS (SELECT 1 FROM rooms WHERE id = ?1)
                 ON CONFLICT (room, user) DO UPDATE SET read_seq = excluded.read_seq",
            );
            query.bind(room.0).bind(row::blob(user.uuid())).bind(read.0 as i64)
        }
        Write::ForgetGuests { before } => {
            return forget_guests(connection, *before).await;
        }
    };
    query.execute(connection).await?;
    Ok(Outcome::Done)
}

async fn forget_guests(connection: &mut SqliteConnection, before: ServerTime) -> Result<Outcome, StoreError> {
    let query = sqlx::query(
        "SELECT id FROM users WHERE kind = 0 AND seen_at <= ?
         AND EXISTS (SELECT 1 FROM memberships WHERE memberships.user = users.id)",
    );
    let rows = query.bind(before.millis()).fetch_all(&mut *connection).await?;
    let members = rows.iter().map(|row| Ok(UserId::new(row::uuid(row, 0)?)));
    let members = members.collect::<Result<Vec<_>, StoreError>>()?;
    let query = sqlx::query("DELETE FROM users WHERE kind = 0 AND seen_at <= ?");
    query.bind(before.millis()).execute(connection).await?;
    Ok(Outcome::Forgotten(members))
}

/// Returns the guest's session whose secret has this hash, if the guest was seen after `since`.
pub(super) async fn session(
    connection: &mut SqliteConnection,
    secret: &SecretHash,
    since: ServerTime,
) -> Result<Option<Session>, StoreError> {
    let query = sqlx::query(
        "SELECT users.id, name, kind, sessions.id FROM sessions JOIN users ON users.id = user
         WHERE secret = ? AND seen_at > ? AND kind = 0",
    );
    let row = query.bind(&secret[..]).bind(since.millis()).fetch_optional(connection).await?;
    row.map(|row| Ok(Session { user: user(&row)?, id: SessionId::new(row::uuid(&row, 3)?) })).transpose()
}

/// Reads the columns `id, name, kind`.
pub(super) fn user(row: &SqliteRow) -> Result<User, StoreError> {
    let is_account = row.try_get::<i64, _>(2)? == ACCOUNT;
    Ok(User { id: UserId::new(row::uuid(row, 0)?), name: row::name(row, 1)?, is_account })
}
