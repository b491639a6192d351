//! Roles of accounts, and what an owner decided about who may come in.

use shared::UserId;
use shared::account::{EntranceChange, Role};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::links;
use super::row::{self, corrupt};
use crate::store::StoreError;

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
) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE accounts SET role = ? WHERE user = ?");
    query.bind(role as i64).bind(row::blob(user.uuid())).execute(&mut *connection).await?;
    // Whoever made a link for the password of a member must not have it for an owner.
    links::withdraw_of(connection, user).await?;
    match role {
        Role::Member => links::withdraw_all(connection, user).await,
        Role::Admin => links::withdraw_resets_by(connection, user).await,
        Role::Owner => links::withdraw_owners(connection).await,
    }
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
) -> Result<(), StoreError> {
    let guests = change.guests.map(|guests| if guests { "on" } else { "off" });
    let values = [(GUESTS, guests), (SIGN_UP, change.sign_up.map(shared::account::SignUp::as_str))];
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
