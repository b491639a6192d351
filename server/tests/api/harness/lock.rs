//! The database's write lock in another process than the server's.

use std::path::Path;
use std::str::FromStr;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

/// The database of the server that keeps its data in this folder.
pub async fn database(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::from_str("sqlite://").unwrap().filename(folder.join("hiroba.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// The write lock: as long as it is held, the server's commits wait, and are refused after 5 seconds.
pub struct WriteLock(SqliteConnection);

impl WriteLock {
    /// Waits for the lock and takes it.
    pub async fn take(folder: &Path) -> Self {
        let mut database = database(folder).await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut database).await.unwrap();
        Self(database)
    }

    /// Gives it back.
    pub async fn release(mut self) {
        sqlx::query("ROLLBACK").execute(&mut self.0).await.unwrap();
    }
}

/// Whether the stored log has such a row.
pub async fn is_stored(folder: &Path, question: &'static str) -> bool {
    let row = sqlx::query(question).fetch_one(&mut database(folder).await).await.unwrap();
    row.get::<i64, _>(0) > 0
}
