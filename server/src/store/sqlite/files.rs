//! The side files that SQLite keeps beside a database. They are linked to it by name only: SQLite replays their content
//! into whatever file has the name without the suffix.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, bail};
use sqlx::sqlite::SqliteConnectOptions;

const SUFFIXES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Returns options that open exactly this file: SQLite treats a name that begins with `file:` as a URI, which an
/// absolute path never does.
///
/// # Errors
/// The working directory no longer exists.
pub(super) fn options(file: &Path) -> anyhow::Result<SqliteConnectOptions> {
    Ok(SqliteConnectOptions::new().filename(absolute(file)?))
}

/// Returns the absolute path of a file, for use in SQL statements.
///
/// # Errors
/// The path is not Unicode, or the working directory no longer exists.
pub(super) fn name(file: &Path) -> anyhow::Result<String> {
    let file = absolute(file)?;
    Ok(file.to_str().with_context(|| format!("the name {} is not Unicode", file.display()))?.to_owned())
}

/// Returns the names of SQLite's side files of `file`.
pub fn beside(file: &Path) -> impl Iterator<Item = PathBuf> {
    SUFFIXES.iter().map(move |suffix| {
        let mut name = OsString::from(file);
        name.push(suffix);
        name.into()
    })
}

/// Refuses to create `file` while side files of an earlier one exist.
///
/// # Errors
/// A side file exists; the message names it and says what to do.
pub fn refuse_leftovers(file: &Path) -> anyhow::Result<()> {
    let Some(left) = beside(file).find(|path| path.symlink_metadata().is_ok()) else { return Ok(()) };
    bail!(
        "{} is left of an earlier {}: it would be mixed into the new one, and may hold the newest messages of the \
         earlier one. Move it to where that is, and then try again",
        left.display(),
        file.display(),
    )
}

/// Refuses to copy `file` alone while its side files hold data that is not in it yet.
///
/// # Errors
/// A side file holds data; the message names it and says what to do.
pub(super) fn refuse_unfinished(file: &Path) -> anyhow::Result<()> {
    let holds_something = |path: &PathBuf| {
        let is_index = path.as_os_str().as_encoded_bytes().ends_with(b"-shm");
        !is_index && path.metadata().is_ok_and(|metadata| metadata.len() > 0)
    };
    let Some(left) = beside(file).find(holds_something) else { return Ok(()) };
    bail!(
        "{} is no backup but part of a data folder: {} holds what is not in it yet; name that folder with \
         --data-dir, or make a backup of it with hiroba backup",
        file.display(),
        left.display(),
    )
}

/// Removes `file` and its side files.
///
/// # Errors
/// One of them cannot be removed.
pub fn remove(file: &Path) -> anyhow::Result<()> {
    // The file itself first: the side files are meaningless without it, but not vice versa.
    for path in std::iter::once(file.to_owned()).chain(beside(file)) {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}
