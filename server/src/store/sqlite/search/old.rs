//! The index of an older version. It goes on proposing messages until the new one holds them all.

use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions, Connection};

use super::super::files::{options, remove};
use super::VERSION;
use crate::store::StoreError;
use crate::store::sqlite::BUSY_TIMEOUT;

/// Where it waits.
pub(super) fn place(file: &Path) -> PathBuf {
    file.with_extension("old.db")
}

/// Sets the index in `file` aside if it is of another version, or in a file that cannot shrink, as the first releases
/// made it. One that was only begun goes: it holds nothing.
pub(super) async fn set_aside(file: &Path) -> Result<(), StoreError> {
    if !file.exists() {
        return Ok(());
    }
    let options = options(file).map_err(StoreError::Unavailable)?.busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    let has_position = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'position'");
    let (mut is_other, mut is_begun) = (false, false);
    if has_position.fetch_optional(&mut connection).await?.is_some() {
        let query = sqlx::query_scalar(
            "SELECT version <> ? OR (SELECT auto_vacuum FROM pragma_auto_vacuum) = 0 FROM position",
        );
        let found = query.bind(VERSION).fetch_optional(&mut connection).await?;
        (is_other, is_begun) = (found.unwrap_or_default(), found.is_none());
    }
    if is_other {
        // It becomes one file, which can be renamed and read without others beside it.
        sqlx::raw_sql("PRAGMA journal_mode = DELETE").execute(&mut connection).await?;
    }
    connection.close().await?;
    let old = place(file);
    if is_begun || is_other && old.exists() {
        // The old one holds everything, this one was not ready yet.
        remove(file).map_err(StoreError::Unavailable)?;
    } else if is_other {
        tokio::fs::rename(file, &old).await.map_err(|error| StoreError::Unavailable(error.into()))?;
        tracing::info!("the search index is made anew in another form; until then the old one helps");
    }
    Ok(())
}
