//! What accounts tell others of themselves.

use shared::UserId;
use shared::account::Profile;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::row::{self, corrupt};
use crate::store::StoreError;

/// Reads a profile; a NULL is an empty one.
pub(super) fn profile(row: &SqliteRow, column: usize) -> Result<Profile, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    text.map_or_else(|| Ok(Profile::default()), |text| serde_json::from_str(&text).map_err(corrupt))
}

/// Replaces the profile of an account. Returns false if there is no such account.
pub(super) async fn set(
    connection: &mut SqliteConnection,
    user: UserId,
    profile: &Profile,
) -> Result<bool, StoreError> {
    let is_empty = *profile == Profile::default();
    let text = (!is_empty).then(|| serde_json::to_string(profile)).transpose().map_err(corrupt)?;
    let query = sqlx::query("UPDATE accounts SET profile = ? WHERE user = ?").bind(text);
    Ok(query.bind(row::blob(user.uuid())).execute(connection).await?.rows_affected() > 0)
}

pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<(UserId, Profile)>, StoreError> {
    let query = sqlx::query("SELECT user, profile FROM accounts WHERE profile IS NOT NULL");
    let read = |row: &SqliteRow| Ok((UserId::new(row::uuid(row, 0)?), profile(row, 1)?));
    query.fetch_all(connection).await?.iter().map(read).collect()
}
