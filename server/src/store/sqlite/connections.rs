//! Connections to one database file. SQLite rolls back a transaction by itself after some errors (disk full, I/O error,
//! out of memory), and the connection's view of its transaction state may then be wrong forever. So a connection is
//! reused only if everything done on it succeeded; otherwise it is replaced by a new one when needed.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit};

use super::priority;
use crate::store::StoreError;

/// Connections opened with the same options.
pub(super) struct Connections {
    options: SqliteConnectOptions,
    /// Statement executed first on each connection.
    begin_with: Option<String>,
    /// Name of the connections' threads, which run at low priority.
    gives_way: Option<&'static str>,
    most: u32,
    free: Semaphore,
    idle: Mutex<Vec<SqliteConnection>>,
}

impl Connections {
    /// Creates a pool of at most `most` connections, opened on demand.
    pub(super) fn new(most: u32, options: SqliteConnectOptions) -> Self {
        let free = Semaphore::new(most as usize);
        Self { options, begin_with: None, gives_way: None, most, free, idle: Mutex::default() }
    }

    /// Executes `statement` first on each connection.
    pub(super) fn begin_with(self, statement: String) -> Self {
        Self { begin_with: Some(statement), ..self }
    }

    /// Names the connections' threads and lowers their priority.
    pub(super) fn give_way(self, name: &'static str) -> Self {
        let options = self.options.thread_name(move |_| name.to_owned());
        Self { options, gives_way: Some(name), ..self }
    }

    /// Takes a connection for one use.
    pub(super) async fn take(&self) -> Result<Taken<'_>, StoreError> {
        let place = self.free.acquire().await?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open().await?,
        };
        Ok(Taken { connection: Some(connection), to: self, _place: place })
    }

    /// Runs `work` on a connection.
    pub(super) async fn run<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.take().await?;
        let done = work(&mut connection).await;
        if done.is_ok() {
            connection.keep();
        } else {
            connection.close().await;
        }
        done
    }

    /// Runs `work` in a read transaction, on one snapshot.
    pub(super) async fn read<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.run(async |connection| work(&mut *connection.begin().await?).await).await
    }

    /// Runs `work` in one write transaction.
    pub(super) async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.run(async |connection| {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            let done = work(&mut transaction).await?;
            transaction.commit().await?;
            Ok(done)
        })
        .await
    }

    /// Closes all connections after the work in progress. No new ones are opened.
    pub(super) async fn close(&self) {
        let _all = self.free.acquire_many(self.most).await;
        self.free.close();
        let idle = std::mem::take(&mut *self.idle());
        for connection in idle {
            close(connection).await;
        }
    }

    async fn open(&self) -> Result<SqliteConnection, StoreError> {
        let mut connection = self.options.connect().await?;
        if let Some(statement) = &self.begin_with {
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone())).execute(&mut connection).await?;
        }
        if let Some(name) = self.gives_way {
            priority::give_way(name);
        }
        Ok(connection)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<AcquireError> for StoreError {
    fn from(error: AcquireError) -> Self {
        Self::Unavailable(anyhow::Error::from(error).context("the store is closed"))
    }
}

/// A connection in use. Closed unless it is kept, so also when its user is cancelled.
pub(super) struct Taken<'a> {
    connection: Option<SqliteConnection>,
    to: &'a Connections,
    _place: SemaphorePermit<'a>,
}

impl Taken<'_> {
    /// Returns the connection to the pool, since everything done on it succeeded.
    pub(super) fn keep(mut self) {
        self.to.idle().extend(self.connection.take());
    }

    /// Closes the connection, whose state is in doubt.
    async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            close(connection).await;
        }
    }
}

impl Deref for Taken<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("it is there until it is kept or closed")
    }
}

impl DerefMut for Taken<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("it is there until it is kept or closed")
    }
}

async fn close(connection: SqliteConnection) {
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "a connection to the database did not close in order");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::str::FromStr;
    use std::time::Duration;

    use sqlx::sqlite::SqliteJournalMode;

    use super::*;

    async fn opened(folder: &Path, busy: Duration) -> Connections {
        let options = SqliteConnectOptions::from_str("sqlite://").unwrap().filename(folder.join("a.db"));
        let options = options.create_if_missing(true).journal_mode(SqliteJournalMode::Wal).foreign_keys(true);
        let connections = Connections::new(1, options.busy_timeout(busy));
        let tables = "CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT);
                      CREATE TABLE b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)";
        run(&connections, tables).await.unwrap();
        connections
    }

    async fn run(connections: &Connections, sql: &'static str) -> Result<(), StoreError> {
        connections.run(async |connection| Ok(sqlx::raw_sql(sql).execute(connection).await.map(drop)?)).await
    }

    async fn write(connections: &Connections, sql: &'static str) -> Result<(), StoreError> {
        connections
            .write(async |connection| Ok(sqlx::raw_sql(sql).execute(connection).await.map(drop)?))
            .await
    }

    async fn rows(connections: &Connections) -> i64 {
        let count = async |connection: &mut SqliteConnection| {
            Ok(sqlx::query_scalar("SELECT count(*) FROM a").fetch_one(connection).await?)
        };
        connections.read(count).await.unwrap()
    }

    const MUCH: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100)
                        INSERT INTO a (text) SELECT hex(zeroblob(2000)) FROM n";

    #[tokio::test]
    async fn after_every_way_to_fail_the_next_one_writes() {
        let folder = tempfile::tempdir().unwrap();
        let connections = opened(folder.path(), Duration::ZERO).await;
        let mut expected = 0;
        let ways: [(&str, &str, &str); 6] = [
            ("SQLite ends the transaction: no room", "PRAGMA max_page_count = 5", MUCH),
            ("the statement ends it", "", "INSERT INTO a VALUES (NULL, ''); ROLLBACK; SELECT nonsense"),
            ("the commit is refused", "", "INSERT INTO b VALUES (77)"),
            ("it cannot begin", "BEGIN", MUCH),
            ("a statement is refused", "", "INSERT INTO a VALUES (NULL, ''); INSERT INTO nothing VALUES (1)"),
            ("somebody else writes", "", MUCH),
        ];
        for (way, before, sql) in ways {
            run(&connections, before).await.unwrap();
            if way == "somebody else writes" {
                let other = other_writer(folder.path()).await;
                assert!(write(&connections, sql).await.is_err(), "{way}");
                other.close().await.unwrap();
            } else {
                assert!(write(&connections, sql).await.is_err(), "{way}");
            }
            for _ in 0..3 {
                write(&connections, "INSERT INTO a VALUES (NULL, '')").await.expect(way);
                expected += 1;
                assert_eq!(rows(&connections).await, expected, "{way}: nothing of what was refused is there");
            }
        }
    }

    async fn other_writer(folder: &Path) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(folder.join("a.db"));
        let mut other = options.connect().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        other
    }

    #[tokio::test]
    async fn who_is_cancelled_in_the_middle_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let connections = opened(folder.path(), Duration::from_secs(5)).await;
        let endless = connections.write(async |connection| {
            sqlx::query("INSERT INTO a VALUES (NULL, '')").execute(connection).await?;
            std::future::pending::<Result<(), StoreError>>().await
        });
        let cancelled = tokio::time::timeout(Duration::from_millis(50), endless).await;
        assert!(cancelled.is_err());
        write(&connections, "INSERT INTO a VALUES (NULL, '')").await.unwrap();
        assert_eq!(rows(&connections).await, 1);
    }

    #[tokio::test]
    async fn once_closed_none_is_opened_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let connections = opened(folder.path(), Duration::from_secs(5)).await;
        connections.close().await;
        connections.close().await;
        assert!(write(&connections, MUCH).await.is_err());
        assert!(!folder.path().join("a.db-wal").exists(), "closed in order");
    }
}
