//! New passwords of accounts.

use shared::{SessionId, UserId};
use sqlx::sqlite::SqliteConnection;

use super::{accounts, links, row, sessions};
use crate::store::{Account, At, Link, LinkKind, NewSession, SecretHash, StoreError};

/// Sets a password; links that were made for the one before end.
pub(super) async fn set(
    connection: &mut SqliteConnection,
    user: UserId,
    password: &str,
) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE accounts SET password = ? WHERE user = ?");
    query.bind(password).bind(row::blob(user.uuid())).execute(&mut *connection).await?;
    links::withdraw_of(connection, user).await
}

/// Uses up a link for a password: sets it, ends every session, which are returned, and opens one.
pub(super) async fn reset_by_link(
    connection: &mut SqliteConnection,
    secret: &SecretHash,
    password: &str,
    session: &NewSession,
    at: At,
) -> Result<Option<(Account, Vec<SessionId>)>, StoreError> {
    let Some(Link { kind: LinkKind::Reset(user), .. }) = links::find(connection, secret, at).await? else {
        return Ok(None);
    };
    set(connection, user, password).await?;
    let ended = sessions::end_all(connection, user, None).await?;
    sessions::open(connection, user, password, session, at).await?;
    Ok(Some((accounts::read(connection, user).await?, ended)))
}
