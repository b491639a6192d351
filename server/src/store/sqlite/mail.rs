//! Mail addresses of accounts, and the links that confirm them.

use shared::UserId;
use sqlx::sqlite::SqliteConnection;

use super::row::{self, corrupt};
use super::{accounts, links};
use crate::mail_address::MailAddress;
use crate::store::{Account, At, Link, LinkKind, SecretHash, Still, StoreError};

/// Reads a stored address.
pub(super) fn known(text: &str) -> Result<MailAddress, StoreError> {
    MailAddress::parse(text).ok_or_else(|| corrupt(anyhow::anyhow!("a stored mail address is none")))
}

/// Adds a link of an account, unless the account is disabled or something about it is not as it was.
pub(super) async fn add_link(
    connection: &mut SqliteConnection,
    user: UserId,
    still: Still<'_>,
    (link, secret): (&Link, &SecretHash),
    at: At,
) -> Result<bool, StoreError> {
    let (sql, value) = match still {
        Still::Password(password) => {
            ("SELECT 1 FROM accounts WHERE user = ? AND NOT disabled AND password = ?", password)
        }
        Still::Mail(mail) => {
            ("SELECT 1 FROM accounts WHERE user = ? AND NOT disabled AND mail = ?", mail.as_str())
        }
    };
    let query = sqlx::query(sql).bind(row::blob(user.uuid())).bind(value);
    if query.fetch_optional(&mut *connection).await?.is_none() {
        return Ok(false);
    }
    links::add(connection, link, secret, at).await
}

/// Returns the address that waits for its owner to confirm it.
pub(super) async fn waiting(
    connection: &mut SqliteConnection,
    user: UserId,
    at: At,
) -> Result<Option<MailAddress>, StoreError> {
    let query = sqlx::query_scalar(
        "SELECT mail FROM links WHERE user = ? AND mail IS NOT NULL AND ends_at > ? AND expires_at > ?",
    );
    let query = query.bind(row::blob(user.uuid())).bind(at.0.millis()).bind(at.1.millis());
    let found: Option<String> = query.fetch_optional(connection).await?;
    found.map(|text| known(&text)).transpose()
}

/// Uses a link up and gives its address to the account, which is returned as it was before; `None`: the link has ended, or
/// another account has the address by now.
pub(super) async fn confirm(
    connection: &mut SqliteConnection,
    secret: &SecretHash,
    at: At,
) -> Result<Option<(Account, MailAddress)>, StoreError> {
    let link = links::find(connection, secret, at).await?;
    let Some(Link { kind: LinkKind::Mail(user, mail), .. }) = link else { return Ok(None) };
    let query = sqlx::query("SELECT 1 FROM accounts WHERE mail_key = ? AND user != ?");
    let query = query.bind(mail.key()).bind(row::blob(user.uuid()));
    if query.fetch_optional(&mut *connection).await?.is_some() {
        return Ok(None);
    }
    let before = accounts::read(connection, user).await?;
    set(connection, user, Some(&mail)).await?;
    Ok(Some((before, mail)))
}

/// Takes the address from an account whose password is `password`.
pub(super) async fn remove(
    connection: &mut SqliteConnection,
    user: UserId,
    password: &str,
) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM accounts WHERE user = ? AND password = ?");
    let query = query.bind(row::blob(user.uuid())).bind(password);
    if query.fetch_optional(&mut *connection).await?.is_none() {
        return Ok(false);
    }
    set(connection, user, None).await?;
    Ok(true)
}

/// Gives an account another address, or none. Links that were sent to the one before end.
async fn set(
    connection: &mut SqliteConnection,
    user: UserId,
    mail: Option<&MailAddress>,
) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE accounts SET mail = ?, mail_key = ? WHERE user = ?");
    let query = query.bind(mail.map(MailAddress::as_str)).bind(mail.map(MailAddress::key));
    query.bind(row::blob(user.uuid())).execute(&mut *connection).await?;
    links::withdraw_of(connection, user).await
}
