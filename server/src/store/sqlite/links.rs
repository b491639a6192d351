//! Links that let somebody in: of the owner, invitations, for a new password and for a mail address.

use shared::{Timestamp, UserId, UserName};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use uuid::Uuid;

use super::mail;
use super::row::{self, corrupt};
use crate::mail_address::MailAddress;
use crate::server_time::ServerTime;
use crate::store::{At, Link, LinkKind, SecretHash, StoreError};

/// Invitations that can be used at any time.
const LINKS: i64 = 1_000;
const OWNER: i64 = 0;
const INVITATION: i64 = 1;
const RESET: i64 = 2;
const MAIL: i64 = 3;

/// Selects what [`link`] reads; the name is that of who made the link.
macro_rules! links {
    () => {
        "SELECT links.id, links.kind, user, made_by, made_at, ends_at, expires_at, uses_left, users.name, mail
         FROM links LEFT JOIN users ON users.id = made_by
         WHERE ends_at > ?1 AND expires_at > ?2"
    };
}

pub(super) async fn add(
    connection: &mut SqliteConnection,
    link: &Link,
    secret: &SecretHash,
    at: At,
) -> Result<bool, StoreError> {
    let query = sqlx::query("DELETE FROM links WHERE ends_at <= ? OR expires_at <= ?");
    query.bind(at.0.millis()).bind(at.1.millis()).execute(&mut *connection).await?;
    let (kind, user, mail) = match &link.kind {
        LinkKind::Owner => (OWNER, None, None),
        LinkKind::Invitation => (INVITATION, None, None),
        LinkKind::Reset(user) => (RESET, Some(*user), None),
        LinkKind::Mail(user, mail) => (MAIL, Some(*user), Some(mail)),
    };
    match (kind, user) {
        (OWNER, _) => withdraw_owners(connection).await?,
        (_, Some(user)) => withdraw_same(connection, user, kind).await?,
        _ => {}
    }
    // Whoever makes it may have lost the right meanwhile.
    let query = sqlx::query(
        "INSERT INTO links (id, secret, kind, user, made_by, made_at, ends_at, expires_at, uses_left, mail)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?11
         WHERE (?3 != 1 OR (SELECT count(*) FROM links WHERE kind = 1) < ?10)
         AND (?5 IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE user = ?5 AND role > 0 AND NOT disabled))",
    );
    let query = query.bind(row::blob(link.id)).bind(&secret[..]).bind(kind);
    let query = query.bind(user.map(|user| row::blob(user.uuid())));
    let query = query.bind(link.made_by.map(|user| row::blob(user.uuid()))).bind(link.made_at.millis());
    let query = query.bind(link.ends_at.millis()).bind(link.expires_at.millis());
    let query = query.bind(link.uses_left).bind(LINKS).bind(mail.map(MailAddress::as_str));
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

pub(super) async fn find(
    connection: &mut SqliteConnection,
    secret: &SecretHash,
    at: At,
) -> Result<Option<Link>, StoreError> {
    let query = sqlx::query(concat!(links!(), " AND secret = ?3"));
    let query = query.bind(at.0.millis()).bind(at.1.millis()).bind(&secret[..]);
    query.fetch_optional(connection).await?.as_ref().map(link).transpose()
}

pub(super) async fn invitations(
    connection: &mut SqliteConnection,
    at: At,
) -> Result<Vec<(Link, Option<UserName>)>, StoreError> {
    let query = sqlx::query(concat!(links!(), " AND links.kind = ?3 ORDER BY made_at DESC, links.id"));
    let query = query.bind(at.0.millis()).bind(at.1.millis()).bind(INVITATION);
    let found = query.fetch_all(connection).await?;
    let maker = |row: &SqliteRow| row.try_get::<Option<&str>, _>(8).map(|name| name.is_some());
    let read = |row| Ok((link(row)?, maker(row)?.then(|| row::name(row, 8)).transpose()?));
    found.iter().map(read).collect()
}

/// Returns the links that somebody has made, and those for their password.
pub(super) async fn of(connection: &mut SqliteConnection, user: UserId) -> Result<Vec<Link>, StoreError> {
    let query = sqlx::query(
        "SELECT id, kind, user, made_by, made_at, ends_at, expires_at, uses_left, NULL, mail FROM links
         WHERE made_by = ?1 OR user = ?1 ORDER BY made_at, id",
    );
    query.bind(row::blob(user.uuid())).fetch_all(connection).await?.iter().map(link).collect()
}

/// Uses a link once.
pub(super) async fn use_up(connection: &mut SqliteConnection, link: &Link) -> Result<(), StoreError> {
    let sql = match link.uses_left {
        None => return Ok(()),
        Some(0 | 1) => "DELETE FROM links WHERE id = ?",
        Some(_) => "UPDATE links SET uses_left = uses_left - 1 WHERE id = ?",
    };
    sqlx::query(sql).bind(row::blob(link.id)).execute(connection).await?;
    Ok(())
}

pub(super) async fn withdraw(
    connection: &mut SqliteConnection,
    invitation: Uuid,
) -> Result<bool, StoreError> {
    let query = sqlx::query("DELETE FROM links WHERE id = ? AND kind = ?");
    let query = query.bind(row::blob(invitation)).bind(INVITATION);
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

/// Withdraws what an account has made.
pub(super) async fn withdraw_all(
    connection: &mut SqliteConnection,
    made_by: UserId,
) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM links WHERE made_by = ?").bind(row::blob(made_by.uuid()));
    query.execute(connection).await?;
    Ok(())
}

/// Withdraws the links for passwords that an account has made.
pub(super) async fn withdraw_resets_by(
    connection: &mut SqliteConnection,
    made_by: UserId,
) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM links WHERE made_by = ? AND kind = ?");
    query.bind(row::blob(made_by.uuid())).bind(RESET).execute(connection).await?;
    Ok(())
}

/// Withdraws the link of the owner: there is one.
pub(super) async fn withdraw_owners(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM links WHERE kind = ?").bind(OWNER).execute(connection).await?;
    Ok(())
}

/// Withdraws the link of an account that a new one of this kind replaces.
async fn withdraw_same(connection: &mut SqliteConnection, user: UserId, kind: i64) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM links WHERE user = ? AND kind = ?").bind(row::blob(user.uuid()));
    query.bind(kind).execute(connection).await?;
    Ok(())
}

/// Withdraws the links of an account: for its password, and for a mail address, which whoever had the password may have asked
/// for.
pub(super) async fn withdraw_of(connection: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    let query = sqlx::query("DELETE FROM links WHERE user = ?").bind(row::blob(user.uuid()));
    query.execute(connection).await?;
    Ok(())
}

fn link(row: &SqliteRow) -> Result<Link, StoreError> {
    let user = |column| {
        let is_there = row.try_get::<Option<&[u8]>, _>(column)?.is_some();
        is_there.then(|| row::uuid(row, column).map(UserId::new)).transpose()
    };
    let kind = match (row.try_get::<i64, _>(1)?, user(2)?, row.try_get::<Option<&str>, _>(9)?) {
        (OWNER, None, None) => LinkKind::Owner,
        (INVITATION, None, None) => LinkKind::Invitation,
        (RESET, Some(user), None) => LinkKind::Reset(user),
        (MAIL, Some(user), Some(mail)) => LinkKind::Mail(user, mail::known(mail)?),
        (kind, ..) => return Err(corrupt(anyhow::anyhow!("there is no link of kind {kind}"))),
    };
    Ok(Link {
        id: row::uuid(row, 0)?,
        kind,
        made_by: user(3)?,
        made_at: Timestamp::from_millis(row.try_get(4)?),
        ends_at: ServerTime::from_millis(row.try_get(5)?),
        expires_at: Timestamp::from_millis(row.try_get(6)?),
        uses_left: row.try_get(7)?,
    })
}
