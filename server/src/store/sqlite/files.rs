//! The files that SQLite keeps beside a database file. They belong to it by nothing but their name: it plays what
//! they hold into whatever file has the name without the suffix.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, bail};
use sqlx::sqlite::SqliteConnectOptions;

const SUFFIXES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Opens exactly this file: SQLite takes a name that begins with `file:` for a URI, and an absolute one never does.
///
/// # Errors
/// The working folder is gone.
pub(super) fn options(file: &Path) -> anyhow::Result<SqliteConnectOptions> {
    Ok(SqliteConnectOptions::new().filename(absolute(file)?))
}

/// The whole name of a file, for statements that take one.
///
/// # Errors
/// It is not Unicode, or the working folder is gone.
pub(super) fn name(file: &Path) -> anyhow::Result<String> {
    let file = absolute(file)?;
    Ok(file.to_str().with_context(|| format!("the name {} is not Unicode", file.display()))?.to_owned())
}

/// The names that SQLite uses beside `file`.
pub fn beside(file: &Path) -> impl Iterator<Item = PathBuf> {
    SUFFIXES.iter().map(move |suffix| {
        let mut name = OsString::from(file);
        name.push(suffix);
        name.into()
    })
}

/// Nothing may be put in the place of `file` while something of an earlier one lies beside it.
///
/// # Errors
/// The sentence names what lies there and what to do.
pub fn refuse_leftovers(file: &Path) -> anyhow::Result<()> {
    let Some(left) = beside(file).find(|path| path.symlink_metadata().is_ok()) else { return Ok(()) };
    bail!(
        "{} is left of an earlier {}: it would be mixed into the new one, and may hold the newest messages of the \
         earlier one. Move it to where that is, and then try again",
        left.display(),
        file.display(),
    )
}

/// Whoever takes `file` alone would miss what has not got into it yet.
///
/// # Errors
/// The sentence names what lies there and what to do.
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

/// Removes `file` and what lies beside it.
///
/// # Errors
/// One of them cannot be removed.
pub fn remove(file: &Path) -> anyhow::Result<()> {
    // The file itself first: without it the others mean nothing, and not the other way round.
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
