//! A backup is one SQLite file, a snapshot of the database.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::check::report;
use crate::store::sqlite::{Archive, refuse_leftovers, remove};

/// Writes a copy of all data into `file`, which must not exist. The server may be running.
///
/// # Errors
/// There is no data, or the file cannot be written.
pub async fn backup(data: &Path, file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} exists already; choose another file", file.display());
    }
    refuse_leftovers(file)?;
    let partial = beside(file);
    // Left by an interrupted backup.
    remove(&partial)?;
    let mut archive = Archive::open(data).await?;
    archive.copy_to(&partial).await?;
    archive.close().await?;
    sync(&partial)?;
    std::fs::rename(&partial, file).with_context(|| format!("cannot write {}", file.display()))?;
    sync(file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    println!("{} holds everything up to now.", file.display());
    Ok(())
}

/// Fills the data folder from a backup. Every room gets a new epoch, so that clients that had seen more than the backup
/// holds take a fresh snapshot instead of resuming from their positions.
///
/// # Errors
/// The folder has data already, or the file is not a complete backup.
pub async fn restore(data: &Path, file: &Path) -> anyhow::Result<()> {
    if !file.is_file() {
        bail!("there is no backup {}", file.display());
    }
    let mut restored = Archive::restore(data, file).await?;
    let found = restored.check().await?;
    restored.close().await?;
    println!("{} is filled from {}.", data.display(), file.display());
    report(&found)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    file.with_file_name(name)
}

fn sync(path: &Path) -> anyhow::Result<()> {
    let file = std::fs::File::open(path).and_then(|file| file.sync_all());
    file.with_context(|| format!("cannot write {} to the disk", path.display()))
}
