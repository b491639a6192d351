//! Roles of accounts, and what an owner decided about who may come in.

use shared::account::{EntranceChange, Role};
use shared::{Person, SessionId, Timestamp, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::row::{self, corrupt};
use super::{audit, links, room_links, sessions};
use crate::store::{Act, Decision, StoreError};

/// Keys in `meta`.
const GUESTS: &str = "guests";
const SIGN_UP: &str = "sign_up";

/// Reads the role in a column.
pub(super) fn role(row: &SqliteRow, column: usize) -> Result<Role, StoreError> {
    let number = row.try_get::<i64, _>(column)?;
    let roles = [Role::Member, Role::Admin, Role::Owner];
    let role = roles.into_iter().find(|&role| role as i64 == number);
    role.ok_or_else(|| corrupt(anyhow::anyhow!("there is no role {number}")))
}

pub(super) async fn set_role(
    connection: &mut SqliteConnection,
    user: UserId,
    role: Role,
    decision: &Decision,
) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE accounts SET role = ?1 WHERE user = ?2 AND role != ?1");
    let changed = query.bind(role as i64).bind(row::blob(user.uuid())).execute(&mut *connection).await?;
    if changed.rows_affected() > 0 {
        record(connection, user, decision, &Act::SetRole { role }).await?;
    }
    // Whoever made a link for the password of a member must not have it for an owner.
    links::withdraw_of(connection, user).await?;
    match role {
        Role::Member => links::withdraw_all(connection, user).await,
        Role::Admin => links::withdraw_resets_by(connection, user).await,
        Role::Owner => links::withdraw_owners(connection).await,
    }
}

/// Makes an owner of whoever has the owner's link.
pub(super) async fn become_owner(
    connection: &mut SqliteConnection,
    user: UserId,
    timestamp: Timestamp,
) -> Result<(), StoreError> {
    let by = Some(person(connection, user).await?);
    set_role(connection, user, Role::Owner, &Decision { by, timestamp }).await
}

/// Disables an account, or enables it again. Returns the sessions that ended.
pub(super) async fn set_disabled(
    connection: &mut SqliteConnection,
    user: UserId,
    disabled: bool,
    decision: &Decision,
) -> Result<Vec<SessionId>, StoreError> {
    let query = sqlx::query("UPDATE accounts SET disabled = ?1 WHERE user = ?2 AND disabled != ?1");
    let changed = query.bind(disabled).bind(row::blob(user.uuid())).execute(&mut *connection).await?;
    if changed.rows_affected() > 0 {
        record(connection, user, decision, &Act::SetDisabled { disabled }).await?;
    }
    if !disabled {
        return Ok(Vec::new());
    }
    links::withdraw_all(connection, user).await?;
    room_links::withdraw_by(connection, user).await?;
    links::withdraw_of(connection, user).await?;
    sessions::end_all(connection, user, None).await
}

/// Records what was done to an account.
async fn record(
    connection: &mut SqliteConnection,
    user: UserId,
    Decision { by, timestamp }: &Decision,
    act: &Act,
) -> Result<(), StoreError> {
    let member = person(connection, user).await?;
    audit::record(connection, *timestamp, by.as_ref(), None, Some(&member), act).await
}

async fn person(connection: &mut SqliteConnection, user: UserId) -> Result<Person, StoreError> {
    let query = sqlx::query("SELECT name FROM users WHERE id = ?").bind(row::blob(user.uuid()));
    Ok(Person { user_id: user, user: row::name(&query.fetch_one(connection).await?, 0)? })
}

pub(super) async fn has_owner(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM accounts WHERE role = 2 AND NOT disabled");
    Ok(query.fetch_optional(connection).await?.is_some())
}

pub(super) async fn read(connection: &mut SqliteConnection) -> Result<EntranceChange, StoreError> {
    let (guests, sign_up) = (value(connection, GUESTS).await?, value(connection, SIGN_UP).await?);
    let sign_up = sign_up.map(|text| text.parse().map_err(|why: &str| corrupt(anyhow::anyhow!(why))));
    Ok(EntranceChange { guests: guests.map(|guests| guests == "on"), sign_up: sign_up.transpose()? })
}

pub(super) async fn write(
    connection: &mut SqliteConnection,
    change: EntranceChange,
    Decision { by, timestamp }: &Decision,
) -> Result<(), StoreError> {
    let before = read(connection).await?;
    let guests = change.guests.filter(|guests| before.guests != Some(*guests));
    let sign_up = change.sign_up.filter(|sign_up| before.sign_up != Some(*sign_up));
    if guests.is_none() && sign_up.is_none() {
        return Ok(());
    }
    let act = Act::ChangeEntrance { guests, sign_up };
    audit::record(connection, *timestamp, by.as_ref(), None, None, &act).await?;
    let guests = guests.map(|guests| if guests { "on" } else { "off" });
    let values = [(GUESTS, guests), (SIGN_UP, sign_up.map(shared::account::SignUp::as_str))];
    for (key, value) in values {
        let Some(value) = value else { continue };
        let query = sqlx::query(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        );
        query.bind(key).bind(value).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn value(connection: &mut SqliteConnection, key: &str) -> Result<Option<String>, StoreError> {
    let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?").bind(key);
    Ok(query.fetch_optional(connection).await?)
}
