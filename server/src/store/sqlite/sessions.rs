//! Sessions of accounts: where somebody is signed in, and the refresh tokens that prolong it.

use shared::{SessionId, Timestamp, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::row;
use crate::server_time::ServerTime;
use crate::store::{
    Device, NewSession, OpenSession, RefreshHashes, Rotation, RotationTimes, SecretHash, StoreError,
};

/// Sessions of an account; a new one replaces the one that was not used for the longest time.
const SESSIONS: i64 = 100;

fn address(device: &Device) -> Option<String> {
    device.address.map(|address| address.to_string())
}

/// Reads the sessions of a user, the last used one first.
pub(super) async fn of_user(
    connection: &mut SqliteConnection,
    user: UserId,
    since: ServerTime,
) -> Result<Vec<OpenSession>, StoreError> {
    let query = sqlx::query(
        "SELECT id, user_agent, address, opened_at, used_at FROM sessions WHERE user = ? AND refreshed_at > ?
         ORDER BY refreshed_at DESC, id",
    );
    let query = query.bind(row::blob(user.uuid())).bind(since.millis());
    query.fetch_all(connection).await?.iter().map(open_session).collect()
}

fn open_session(found: &SqliteRow) -> Result<OpenSession, StoreError> {
    let time = |column: usize| Ok::<_, StoreError>(found.try_get::<Option<i64>, _>(column)?);
    // An address that cannot be read is only not shown.
    let address = found.try_get::<Option<&str>, _>(2)?.and_then(|address| address.parse().ok());
    Ok(OpenSession {
        id: SessionId::new(row::uuid(found, 0)?),
        device: Device { user_agent: found.try_get(1)?, address },
        opened_at: time(3)?.map(Timestamp::from_millis),
        used_at: time(4)?.map(Timestamp::from_millis),
    })
}

/// Ends a session if it is one of the user's.
pub(super) async fn end_of(
    connection: &mut SqliteConnection,
    user: UserId,
    session: SessionId,
) -> Result<bool, StoreError> {
    let query = sqlx::query("DELETE FROM sessions WHERE id = ? AND user = ? AND refreshed_at IS NOT NULL");
    let query = query.bind(row::blob(session.uuid())).bind(row::blob(user.uuid()));
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

/// Opens a session unless the account is disabled or its password is not `password`; the oldest ones give way.
pub(super) async fn open(
    connection: &mut SqliteConnection,
    user: UserId,
    password: &str,
    session: &NewSession,
    (at, wall): (ServerTime, Timestamp),
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "INSERT INTO sessions (id, user, family, secret, refreshed_at, user_agent, address, opened_at, used_at)
         SELECT ?1, user, ?2, ?3, ?4, ?5, ?6, ?7, ?7 FROM accounts
         WHERE user = ?8 AND password = ?9 AND NOT disabled",
    );
    let query = query.bind(row::blob(session.id.uuid())).bind(&session.refresh.family[..]);
    let query = query.bind(&session.refresh.secret[..]).bind(at.millis());
    let query =
        query.bind(session.device.user_agent.as_deref()).bind(address(&session.device)).bind(wall.millis());
    let opened = query.bind(row::blob(user.uuid())).bind(password).execute(&mut *connection).await?;
    let query = sqlx::query(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user = ?1 AND id != ?2
         ORDER BY refreshed_at DESC, id LIMIT -1 OFFSET ?3)",
    );
    let query = query.bind(row::blob(user.uuid())).bind(row::blob(session.id.uuid()));
    query.bind(SESSIONS - 1).execute(connection).await?;
    Ok(opened.rows_affected() > 0)
}

/// Ends the sessions of a user but `keep`; returns those that ended.
pub(super) async fn end_all(
    connection: &mut SqliteConnection,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<Vec<SessionId>, StoreError> {
    let query = sqlx::query("DELETE FROM sessions WHERE user = ? AND id IS NOT ? RETURNING id");
    let query = query.bind(row::blob(user.uuid())).bind(keep.map(|session| row::blob(session.uuid())));
    let ended = query.fetch_all(connection).await?;
    ended.iter().map(|row| Ok(SessionId::new(row::uuid(row, 0)?))).collect()
}

pub(super) async fn is_family(
    connection: &mut SqliteConnection,
    presented: &RefreshHashes,
) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM sessions WHERE family = ?").bind(&presented.family[..]);
    Ok(query.fetch_optional(connection).await?.is_some())
}

pub(super) async fn rotate(
    connection: &mut SqliteConnection,
    presented: &RefreshHashes,
    next: &SecretHash,
    device: &Device,
    times: RotationTimes,
) -> Result<Rotation, StoreError> {
    let query = sqlx::query(
        "SELECT user, secret, sibling, predecessor, refreshed_at, id FROM sessions
         WHERE family = ? AND refreshed_at > ?",
    );
    let query = query.bind(&presented.family[..]).bind(times.since.millis());
    let Some(found) = query.fetch_optional(&mut *connection).await? else { return Ok(Rotation::Unknown) };
    let (user, session) = (UserId::new(row::uuid(&found, 0)?), SessionId::new(row::uuid(&found, 5)?));
    let id = row::blob(session.uuid());
    let kept = |column: usize| Ok::<_, StoreError>(found.try_get::<Option<&[u8]>, _>(column)?);
    let is = |column: usize| Ok::<_, StoreError>(kept(column)? == Some(&presented.secret[..]));
    if is(1)? || is(2)? {
        let query = sqlx::query(
            "UPDATE sessions SET predecessor = ?, sibling = NULL, secret = ?, refreshed_at = ?, used_at = ?,
             user_agent = ?, address = ? WHERE id = ?",
        );
        let query = query.bind(&presented.secret[..]).bind(&next[..]).bind(times.now.millis());
        let query = query.bind(times.wall.millis()).bind(device.user_agent.as_deref()).bind(address(device));
        query.bind(&id[..]).execute(connection).await?;
        return Ok(Rotation::Rotated(user, session));
    }
    let was_again = kept(2)?.is_some();
    if is(3)? && !was_again && found.try_get::<i64, _>(4)? > times.replaced_since.millis() {
        // A request that was given up may be carried out after the one that followed it, so that either successor may be
        // the one that the client has.
        let query = sqlx::query("UPDATE sessions SET sibling = secret, secret = ? WHERE id = ?");
        query.bind(&next[..]).bind(&id[..]).execute(connection).await?;
        return Ok(Rotation::Rotated(user, session));
    }
    end(connection, session).await?;
    Ok(Rotation::Reused(user, session))
}

pub(super) async fn end(connection: &mut SqliteConnection, session: SessionId) -> Result<bool, StoreError> {
    let query = sqlx::query("DELETE FROM sessions WHERE id = ?").bind(row::blob(session.uuid()));
    Ok(query.execute(connection).await?.rows_affected() > 0)
}
