//! A second writer that holds the lock on the server's database for a while.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Executor};

/// Busy timeout: under load the server releases the lock only for moments.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);

/// The write lock of a database, released on drop.
#[derive(Debug)]
pub struct WriteLock {
    _connection: SqliteConnection,
}

impl WriteLock {
    /// Waits for the lock and takes it.
    pub(super) async fn take(database: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(database).busy_timeout(TAKEN_WITHIN);
        let mut connection = options.connect().await.context("cannot open the database beside the server")?;
        connection.execute("BEGIN IMMEDIATE").await.context("cannot take the write lock")?;
        Ok(Self { _connection: connection })
    }
}
