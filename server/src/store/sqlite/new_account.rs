//! Creating accounts.

use sqlx::sqlite::SqliteConnection;

use super::{entrance, links, names, row, sessions};
use crate::store::{Account, At, Link, LinkKind, NewSession, NotCreated, SecretHash, StoreError};

/// Creates an account, unless its name is taken or its link has ended. A guest of this id becomes it.
pub(super) async fn create(
    connection: &mut SqliteConnection,
    account: &Account,
    looks: &[String],
    session: Option<&NewSession>,
    link: Option<&SecretHash>,
    (at, wall): At,
) -> Result<Result<(), NotCreated>, StoreError> {
    let Account { user, password, role, disabled, created_at, .. } = account;
    for look in looks {
        if names::is_taken(connection, look, user.id, at).await? {
            return Ok(Err(NotCreated::NameTaken));
        }
    }
    let id = row::blob(user.id.uuid());
    let query = sqlx::query("SELECT 1 FROM accounts WHERE user = ?").bind(&id[..]);
    if query.fetch_optional(&mut *connection).await?.is_some() {
        return Ok(Err(NotCreated::IsAccount));
    }
    let mut is_owner = false;
    if let Some(secret) = link {
        match links::find(connection, secret, (at, wall)).await? {
            Some(link @ Link { kind: LinkKind::Owner | LinkKind::Invitation, .. }) => {
                links::use_up(connection, &link).await?;
                is_owner = link.kind == LinkKind::Owner;
            }
            _ => return Ok(Err(NotCreated::LinkEnded)),
        }
    }
    let query = sqlx::query(
        "INSERT INTO users (id, kind, name, seen_at) VALUES (?, 1, ?, ?)
         ON CONFLICT (id) DO UPDATE SET kind = 1, name = excluded.name, seen_at = excluded.seen_at",
    );
    query.bind(&id[..]).bind(user.name.as_str()).bind(at.millis()).execute(&mut *connection).await?;
    sessions::end_all(connection, user.id, None).await?;
    let query = sqlx::query(
        "INSERT INTO accounts (user, name_key, password, disabled, created_at, role) VALUES (?, ?, ?, ?, ?, ?)",
    );
    let query = query.bind(&id[..]).bind(user.name.key()).bind(&password[..]).bind(disabled);
    query.bind(created_at.millis()).bind(*role as i64).execute(&mut *connection).await?;
    if is_owner {
        entrance::become_owner(connection, user.id, wall).await?;
    }
    names::add(connection, user.id, looks).await?;
    if let Some(session) = session {
        sessions::open(connection, user.id, password, session, (at, wall)).await?;
    }
    Ok(Ok(()))
}
