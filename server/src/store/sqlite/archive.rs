//! Read access to the stored logs for maintenance commands, beside a server that may be running.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use shared::{RoomEvent, Seq, UserId};
use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions, Connection, Row, Sqlite, Transaction};
use uuid::Uuid;

use super::files::{self, refuse_leftovers, refuse_unfinished, remove};
use super::lock::FolderLock;
use super::{FILE, SEARCH_FILE, SqliteStore, check, log, read, search};
use crate::room::RoomInfo;
use crate::store::{Extent, Store, StoreError};

pub use super::check::Findings;

/// A data folder opened for reading only.
pub struct Archive(SqliteConnection);

/// A snapshot of the whole database.
pub struct Moment<'a>(Transaction<'a, Sqlite>);

impl Archive {
    /// Opens the data in `folder` for reading.
    ///
    /// # Errors
    /// There is no data in `folder`, or this version cannot read it.
    pub async fn open(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(FILE);
        if !file.is_file() {
            bail!("there is no data in {}; name the folder with --data-dir", folder.display());
        }
        let connection = files::options(&file)?.read_only(true).connect().await;
        let mut connection =
            connection.with_context(|| format!("cannot read the database {}", file.display()))?;
        let version = sqlx::query("SELECT max(version) FROM _sqlx_migrations");
        let version = version.fetch_one(&mut connection).await;
        let version = version.map_err(|error| match anyhow::Error::from(error) {
            error if check::is_damage(&error) => check::damaged(&file, error.root_cause()),
            error => error,
        });
        let version: i64 =
            version.with_context(|| format!("{} is no database of ours", file.display()))?.try_get(0)?;
        let expected =
            super::schema::migrations().iter().map(|migration| migration.version).max().unwrap_or_default();
        if version != expected {
            bail!(
                "{} was written by another version of Hiroba; start the server once with this one",
                file.display()
            );
        }
        Ok(Self(connection))
    }

    /// Fills `folder` from a backup and gives every room a new epoch.
    ///
    /// # Errors
    /// The folder has data already, a server is using it, or the file is not a complete backup.
    pub async fn restore(folder: &Path, backup: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
        let file = folder.join(FILE);
        let lock = FolderLock::take(folder)?;
        if file.exists() {
            bail!("{} holds data already; restore into an empty folder, or move that away", folder.display());
        }
        refuse_leftovers(&file)?;
        refuse_unfinished(backup)?;
        whole(backup).await?;
        // An index of another log is useless here.
        search::remove_all(&folder.join(SEARCH_FILE))?;
        // Left by an interrupted restore; must not leak into this one.
        let partial = folder.join(format!("{FILE}.partial"));
        remove(&partial)?;
        copy(backup, &partial).with_context(|| format!("cannot copy {}", backup.display()))?;
        renew(&partial).await.with_context(|| format!("{} is no backup of ours", backup.display()))?;
        File::open(&partial)?.sync_all()?;
        std::fs::rename(&partial, &file)?;
        File::open(folder)?.sync_all()?;
        drop(lock);
        // Migrates the tables, as starting the server would.
        let store = SqliteStore::open(folder).await?;
        // What was revoked since the backup stays revoked.
        store.revoke_everything().await?;
        store.close().await;
        Self::open(folder).await
    }

    /// Writes a copy of the current state into a new file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn copy_to(&mut self, file: &Path) -> anyhow::Result<()> {
        let copied = sqlx::query("VACUUM INTO ?").bind(files::name(file)?).execute(&mut self.0).await;
        copied.with_context(|| format!("cannot write {}", file.display()))?;
        Ok(())
    }

    /// Checks the integrity of all stored data.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn check(&mut self) -> anyhow::Result<Findings> {
        check::check(&mut *self.0.begin().await?).await
    }

    /// Opens a snapshot of the current state.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn moment(&mut self) -> anyhow::Result<Moment<'_>> {
        Ok(Moment(self.0.begin().await?))
    }

    /// Closes the database.
    ///
    /// # Errors
    /// It does not close cleanly.
    pub async fn close(self) -> anyhow::Result<()> {
        Ok(self.0.close().await?)
    }
}

impl Moment<'_> {
    /// Returns every room.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn rooms(&mut self) -> Result<Vec<Arc<RoomInfo>>, StoreError> {
        read::rooms(&mut self.0).await
    }

    /// Returns the extent of a room's log.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn extent(&mut self, room: &RoomInfo) -> Result<Extent, StoreError> {
        log::extent(&mut self.0, room.id).await
    }

    /// Returns at most `limit` events after `after`, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn after(
        &mut self,
        room: &RoomInfo,
        after: Seq,
        limit: u16,
    ) -> Result<Vec<RoomEvent>, StoreError> {
        Ok(log::after(&mut self.0, room, after, limit, UserId::new(Uuid::nil())).await?.items)
    }
}

/// Copies the content of a file, but not its permissions.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut File::open(from)?, &mut File::create_new(to)?).map(drop)
}

/// Verifies that a backup is intact before anything is built from it.
async fn whole(backup: &Path) -> anyhow::Result<()> {
    let mut connection = files::options(backup)?.read_only(true).immutable(true).connect().await?;
    let answer = sqlx::query_scalar("PRAGMA quick_check").fetch_one(&mut connection).await;
    let answer: String = answer.with_context(|| format!("{} is no backup of ours", backup.display()))?;
    connection.close().await?;
    if answer != "ok" {
        bail!("{} is damaged: {answer}", backup.display());
    }
    Ok(())
}

async fn renew(file: &Path) -> anyhow::Result<()> {
    let mut connection = files::options(file)?.connect().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("UPDATE rooms SET epoch = abs(random() % 9007199254740991) + 1")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'log_id'")
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(connection.close().await?)
}
