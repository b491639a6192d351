//! The index of an older version. It still serves candidates until the new index is complete.

use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions, Connection};

use super::super::files::{options, remove};
use super::VERSION;
use crate::store::StoreError;
use crate::store::sqlite::BUSY_TIMEOUT;

/// Returns the path of the old index.
pub(super) fn place(file: &Path) -> PathBuf {
    file.with_extension("old.db")
}

/// Moves the index in `file` aside if it has another version, or if its file cannot shrink (no auto-vacuum), as created
/// by the first releases. An index that was only just begun is removed: it holds nothing.
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
        // Leaves a single file, which can be renamed and read without side files.
        sqlx::raw_sql("PRAGMA journal_mode = DELETE").execute(&mut connection).await?;
    }
    connection.close().await?;
    let old = place(file);
    if is_begun || is_other && old.exists() {
        // The old index is complete, this one was not ready yet.
        remove(file).map_err(StoreError::Unavailable)?;
    } else if is_other {
        tokio::fs::rename(file, &old).await.map_err(|error| StoreError::Unavailable(error.into()))?;
        tracing::info!("the search index is made anew in another form; until then the old one helps");
    }
    Ok(())
}
