//! Accounts, their sessions, and the keys that sign tokens.

use async_trait::async_trait;
use shared::{SessionId, Timestamp, UserId, UserName};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use uuid::Uuid;

use super::row::{self, corrupt};
use super::{SqliteStore, people};
use crate::server_time::ServerTime;
use crate::store::{
    Account, AccountStore, AccountSummary, NewSession, NotCreated, RefreshHashes, Rotation, RotationTimes,
    SecretHash, SigningKey, StoreError, User,
};

/// Sessions of an account; a new one replaces the one that was not used for the longest time.
const SESSIONS: i64 = 100;

#[async_trait]
impl AccountStore for SqliteStore {
    async fn installation(&self) -> Result<Uuid, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'installation'");
                let id: String = query.fetch_one(reader).await?;
                id.parse().map_err(corrupt)
            })
            .await
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        self.readers
            .run(async |reader| {
                let query =
                    sqlx::query("SELECT private, made_at FROM signing_keys ORDER BY made_at DESC, id DESC");
                let key = |row: &SqliteRow| {
                    let made_at = Timestamp::from_millis(row.try_get(1)?);
                    Ok(SigningKey { private: row.try_get(0)?, made_at })
                };
                query.fetch_all(reader).await?.iter().map(key).collect()
            })
            .await
    }

    async fn add_signing_key(&self, key: &SigningKey, before: Timestamp) -> Result<(), StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query("DELETE FROM signing_keys WHERE made_at < ? OR made_at > ?");
                query.bind(before.millis()).bind(key.made_at.millis()).execute(&mut *writer).await?;
                let query = sqlx::query("INSERT INTO signing_keys (private, made_at) VALUES (?, ?)");
                query.bind(&key.private[..]).bind(key.made_at.millis()).execute(writer).await?;
                Ok(())
            })
            .await
    }

    async fn accounts(&self) -> Result<Vec<AccountSummary>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query(
                    "SELECT users.id, name, kind, disabled, created_at FROM accounts JOIN users ON users.id = user
                     ORDER BY created_at, users.id",
                );
                let summary = |row: &SqliteRow| {
                    let (user, disabled) = (people::user(row)?, row.try_get(3)?);
                    Ok(AccountSummary { user, disabled, created_at: Timestamp::from_millis(row.try_get(4)?) })
                };
                query.fetch_all(reader).await?.iter().map(summary).collect()
            })
            .await
    }

    async fn create_account(
        &self,
        account: &Account,
        looks: &[String],
        session: Option<&NewSession>,
        at: (ServerTime, Timestamp),
    ) -> Result<Result<(), NotCreated>, StoreError> {
        self.writer.write(async |writer| create(writer, account, looks, session, at).await).await
    }

    async fn account_named(&self, name: &UserName) -> Result<Option<Account>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query(
                    "SELECT users.id, name, kind, password, disabled FROM accounts JOIN users ON users.id = user WHERE name_key = ?",
                );
                query.bind(name.key()).fetch_optional(reader).await?.as_ref().map(account).transpose()
            })
            .await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query(
                    "SELECT users.id, name, kind, password, disabled FROM accounts JOIN users ON users.id = user WHERE user = ?",
                );
                let query = query.bind(row::blob(user.uuid()));
                query.fetch_optional(reader).await?.as_ref().map(account).transpose()
            })
            .await
    }

    async fn change_password(
        &self,
        user: UserId,
        old: &str,
        password: &str,
        keep: SessionId,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query(
                    "UPDATE accounts SET password = ?1 WHERE user = ?2 AND password = ?3
                     AND EXISTS (SELECT 1 FROM sessions WHERE id = ?4 AND user = ?2)",
                );
                let query = query.bind(password).bind(row::blob(user.uuid())).bind(old);
                let changed = query.bind(row::blob(keep.uuid())).execute(&mut *writer).await?;
                if changed.rows_affected() == 0 {
                    return Ok(None);
                }
                end_sessions(writer, user, Some(keep)).await.map(Some)
            })
            .await
    }

    async fn reset_password(&self, user: UserId, password: &str) -> Result<Vec<SessionId>, StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query("UPDATE accounts SET password = ? WHERE user = ?");
                query.bind(password).bind(row::blob(user.uuid())).execute(&mut *writer).await?;
                end_sessions(writer, user, None).await
            })
            .await
    }

    async fn set_disabled(&self, user: UserId, disabled: bool) -> Result<Vec<SessionId>, StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query("UPDATE accounts SET disabled = ? WHERE user = ?");
                query.bind(disabled).bind(row::blob(user.uuid())).execute(&mut *writer).await?;
                if disabled { end_sessions(writer, user, None).await } else { Ok(Vec::new()) }
            })
            .await
    }

    async fn open_session(
        &self,
        user: UserId,
        password: &str,
        session: &NewSession,
        at: ServerTime,
    ) -> Result<bool, StoreError> {
        self.writer.write(async |writer| open(writer, user, password, session, at).await).await
    }

    async fn rotate(
        &self,
        presented: &RefreshHashes,
        next: &SecretHash,
        times: RotationTimes,
    ) -> Result<Rotation, StoreError> {
        // Tokens that nobody gave out do not keep the writer busy.
        let is_known = self.readers.run(async |reader| is_family(reader, presented).await).await?;
        if !is_known {
            return Ok(Rotation::Unknown);
        }
        self.writer.write(async |writer| rotate(writer, presented, next, times).await).await
    }

    async fn session_user(&self, session: SessionId, since: ServerTime) -> Result<Option<User>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query(
                    "SELECT users.id, name, kind FROM sessions JOIN users ON users.id = user
                     WHERE sessions.id = ? AND refreshed_at > ?",
                );
                let query = query.bind(row::blob(session.uuid())).bind(since.millis());
                query.fetch_optional(reader).await?.as_ref().map(people::user).transpose()
            })
            .await
    }

    async fn end_session(&self, session: SessionId) -> Result<bool, StoreError> {
        self.writer.write(async |writer| end(writer, session).await).await
    }

    async fn forget_sessions(&self, before: ServerTime) -> Result<(), StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query("DELETE FROM sessions WHERE refreshed_at <= ?");
                query.bind(before.millis()).execute(writer).await?;
                Ok(())
            })
            .await
    }
}

impl SqliteStore {
    /// Ends every session of every account.
    pub(super) async fn end_sessions_of_accounts(&self) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE refreshed_at IS NOT NULL";
        self.writer.write(async |writer| Ok(sqlx::query(sql).execute(writer).await.map(drop)?)).await
    }
}

/// Reads the columns `id, name, kind, password, disabled`.
fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account { user: people::user(row)?, password: row.try_get(3)?, disabled: row.try_get(4)? })
}

async fn create(
    connection: &mut SqliteConnection,
    account: &Account,
    looks: &[String],
    session: Option<&NewSession>,
    (at, wall): (ServerTime, Timestamp),
) -> Result<Result<(), NotCreated>, StoreError> {
    for look in looks {
        let query = sqlx::query("SELECT 1 FROM names WHERE look = ?").bind(&look[..]);
        if query.fetch_optional(&mut *connection).await?.is_some() {
            return Ok(Err(NotCreated::NameTaken));
        }
    }
    let Account { user, password, disabled } = account;
    let id = row::blob(user.id.uuid());
    let query = sqlx::query("SELECT 1 FROM accounts WHERE user = ?").bind(&id[..]);
    if query.fetch_optional(&mut *connection).await?.is_some() {
        return Ok(Err(NotCreated::IsAccount));
    }
    let query = sqlx::query(
        "INSERT INTO users (id, kind, name, seen_at) VALUES (?, 1, ?, ?)
         ON CONFLICT (id) DO UPDATE SET kind = 1, name = excluded.name, seen_at = excluded.seen_at",
    );
    query.bind(&id[..]).bind(user.name.as_str()).bind(at.millis()).execute(&mut *connection).await?;
    end_sessions(connection, user.id, None).await?;
    let query = sqlx::query(
        "INSERT INTO accounts (user, name_key, password, disabled, created_at) VALUES (?, ?, ?, ?, ?)",
    );
    let query = query.bind(&id[..]).bind(user.name.key()).bind(&password[..]).bind(disabled);
    query.bind(wall.millis()).execute(&mut *connection).await?;
    for look in looks {
        let query = sqlx::query("INSERT INTO names (look, user) VALUES (?, ?)");
        query.bind(&look[..]).bind(&id[..]).execute(&mut *connection).await?;
    }
    if let Some(session) = session {
        open(connection, user.id, password, session, at).await?;
    }
    Ok(Ok(()))
}

async fn open(
    connection: &mut SqliteConnection,
    user: UserId,
    password: &str,
    session: &NewSession,
    at: ServerTime,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "INSERT INTO sessions (id, user, family, secret, refreshed_at) SELECT ?, user, ?, ?, ? FROM accounts
         WHERE user = ? AND password = ? AND NOT disabled",
    );
    let query = query.bind(row::blob(session.id.uuid())).bind(&session.refresh.family[..]);
    let query = query.bind(&session.refresh.secret[..]).bind(at.millis());
    let opened = query.bind(row::blob(user.uuid())).bind(password).execute(&mut *connection).await?;
    let query = sqlx::query(
        "DELETE FROM sessions WHERE id IN
         (SELECT id FROM sessions WHERE user = ? ORDER BY refreshed_at DESC, id LIMIT -1 OFFSET ?)",
    );
    query.bind(row::blob(user.uuid())).bind(SESSIONS).execute(connection).await?;
    Ok(opened.rows_affected() > 0)
}

/// Ends the sessions of a user but `keep`; returns those that ended.
async fn end_sessions(
    connection: &mut SqliteConnection,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<Vec<SessionId>, StoreError> {
    let query = sqlx::query("DELETE FROM sessions WHERE user = ? AND id IS NOT ? RETURNING id");
    let query = query.bind(row::blob(user.uuid())).bind(keep.map(|session| row::blob(session.uuid())));
    let ended = query.fetch_all(connection).await?;
    ended.iter().map(|row| Ok(SessionId::new(row::uuid(row, 0)?))).collect()
}

async fn is_family(connection: &mut SqliteConnection, presented: &RefreshHashes) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM sessions WHERE family = ?").bind(&presented.family[..]);
    Ok(query.fetch_optional(connection).await?.is_some())
}

async fn rotate(
    connection: &mut SqliteConnection,
    presented: &RefreshHashes,
    next: &SecretHash,
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
            "UPDATE sessions SET predecessor = ?, sibling = NULL, secret = ?, refreshed_at = ? WHERE id = ?",
        );
        let query = query.bind(&presented.secret[..]).bind(&next[..]).bind(times.now.millis());
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

async fn end(connection: &mut SqliteConnection, session: SessionId) -> Result<bool, StoreError> {
    let query = sqlx::query("DELETE FROM sessions WHERE id = ?").bind(row::blob(session.uuid()));
    Ok(query.execute(connection).await?.rows_affected() > 0)
}
