//! Names of accounts: the present ones, and former ones, which nobody else gets for a while.

use shared::{UserId, UserName};
use sqlx::sqlite::SqliteConnection;

use super::row;
use crate::server_time::ServerTime;
use crate::store::{FormerName, NotRenamed, StoreError};

/// Whether a look is that of somebody else's name, present or former.
pub(super) async fn is_taken(
    connection: &mut SqliteConnection,
    look: &str,
    user: UserId,
    now: ServerTime,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "SELECT 1 FROM names WHERE look = ?1 AND user IS NOT ?2
         UNION ALL SELECT 1 FROM former_names WHERE look = ?1 AND user IS NOT ?2 AND free_at > ?3",
    );
    let query = query.bind(look).bind(row::blob(user.uuid())).bind(now.millis());
    Ok(query.fetch_optional(connection).await?.is_some())
}

pub(super) async fn add(
    connection: &mut SqliteConnection,
    user: UserId,
    looks: &[String],
) -> Result<(), StoreError> {
    for look in looks {
        let query = sqlx::query("INSERT INTO names (look, user) VALUES (?, ?)");
        query.bind(&look[..]).bind(row::blob(user.uuid())).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Gives an account another name.
pub(super) async fn rename(
    connection: &mut SqliteConnection,
    user: UserId,
    (name, looks): (&UserName, &[String]),
    most: usize,
    (now, free_at): (ServerTime, ServerTime),
) -> Result<Result<(), NotRenamed>, StoreError> {
    for look in looks {
        if is_taken(connection, look, user, now).await? {
            return Ok(Err(NotRenamed::NameTaken));
        }
    }
    let id = row::blob(user.uuid());
    let query = sqlx::query("SELECT 1 FROM accounts WHERE user = ?").bind(&id[..]);
    if query.fetch_optional(&mut *connection).await?.is_none() {
        return Ok(Err(NotRenamed::NoAccount));
    }
    let query =
        sqlx::query("SELECT 1 FROM users WHERE id = ? AND name = ?").bind(&id[..]).bind(name.as_str());
    if query.fetch_optional(&mut *connection).await?.is_some() {
        // Asked for again, because the answer was lost.
        return Ok(Ok(()));
    }
    let query = sqlx::query_scalar(
        "SELECT count(DISTINCT name) FROM former_names WHERE user = ? AND free_at > ? AND name IS NOT ?",
    );
    let query = query.bind(&id[..]).bind(now.millis()).bind(name.as_str());
    if query.fetch_one(&mut *connection).await.map(|former: i64| former as usize >= most)? {
        return Ok(Err(NotRenamed::TooOften));
    }
    let query = sqlx::query(
        "INSERT OR REPLACE INTO former_names (look, user, name, free_at)
         SELECT look, user, name, ? FROM names JOIN users ON users.id = user WHERE user = ?",
    );
    query.bind(free_at.millis()).bind(&id[..]).execute(&mut *connection).await?;
    let query = sqlx::query("DELETE FROM names WHERE user = ?").bind(&id[..]);
    query.execute(&mut *connection).await?;
    add(connection, user, looks).await?;
    // A name that one has had is one's own again.
    let query = sqlx::query(
        "DELETE FROM former_names WHERE user = ?1 AND look IN (SELECT look FROM names WHERE user = ?1)",
    );
    query.bind(&id[..]).execute(&mut *connection).await?;
    let query = sqlx::query("UPDATE accounts SET name_key = ? WHERE user = ?").bind(name.key());
    query.bind(&id[..]).execute(&mut *connection).await?;
    let query = sqlx::query("UPDATE users SET name = ? WHERE id = ?").bind(name.as_str());
    query.bind(&id[..]).execute(connection).await?;
    Ok(Ok(()))
}

/// Returns the former names that are not free yet.
pub(super) async fn former(
    connection: &mut SqliteConnection,
    now: ServerTime,
) -> Result<Vec<FormerName>, StoreError> {
    let query = sqlx::query("SELECT DISTINCT user, name FROM former_names WHERE free_at > ?");
    let found = query.bind(now.millis()).fetch_all(connection).await?;
    found
        .iter()
        .map(|row| Ok(FormerName { user: UserId::new(row::uuid(row, 0)?), name: row::name(row, 1)? }))
        .collect()
}

/// Frees the former names whose time has come, and returns them.
pub(super) async fn free(
    connection: &mut SqliteConnection,
    now: ServerTime,
) -> Result<Vec<FormerName>, StoreError> {
    let query = sqlx::query("DELETE FROM former_names WHERE free_at <= ? RETURNING user, name, look");
    let rows = query.bind(now.millis()).fetch_all(connection).await?;
    let mut freed: Vec<FormerName> = Vec::new();
    for row in &rows {
        let name = FormerName { user: UserId::new(row::uuid(row, 0)?), name: row::name(row, 1)? };
        if !freed.contains(&name) {
            freed.push(name);
        }
    }
    Ok(freed)
}
