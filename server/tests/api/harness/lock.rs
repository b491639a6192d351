//! Holds the database's write lock from a process other than the server.

use std::path::Path;
use std::str::FromStr;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

/// Opens the database of the server with this data folder.
pub async fn database(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::from_str("sqlite://").unwrap().filename(folder.join("hiroba.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// The write lock. While it is held, the server's commits wait, and fail after 5 seconds.
pub struct WriteLock(SqliteConnection);

impl WriteLock {
    /// Waits for the lock and acquires it.
    pub async fn take(folder: &Path) -> Self {
        let mut database = database(folder).await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut database).await.unwrap();
        Self(database)
    }

    pub async fn release(mut self) {
        sqlx::query("ROLLBACK").execute(&mut self.0).await.unwrap();
    }
}

/// Whether a query on the stored log returns more than 0.
pub async fn is_stored(folder: &Path, question: &'static str) -> bool {
    let row = sqlx::query(question).fetch_one(&mut database(folder).await).await.unwrap();
    row.get::<i64, _>(0) > 0
}
