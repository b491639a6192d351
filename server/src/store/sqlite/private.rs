//! Keeps the data private from other users of the machine. New files are accessible to their owner only (`main` sets
//! the umask); this module revokes access to files created by an earlier version.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::lock;

/// Permissions of other users. Group access is left alone: somebody configured it.
const OTHERS: u32 = 0o007;

fn is_ours(name: &str) -> bool {
    [lock::FILE, super::OWNER_LINK].contains(&name)
        || [super::FILE, super::SEARCH_FILE].iter().any(|file| name.starts_with(file))
}

/// Revokes access of other users to the folder and its files. A folder that contains other things keeps its
/// permissions: it is not ours alone.
pub(super) fn make_private(folder: &Path) {
    if let Err(error) = try_to(folder) {
        tracing::warn!(%error, "other users of this machine may be able to read the data folder");
    }
}

fn try_to(folder: &Path) -> io::Result<()> {
    let mut is_only_ours = true;
    for file in fs::read_dir(folder)? {
        let file = file?;
        let name = file.file_name();
        if name.to_str().is_some_and(is_ours) && file.file_type()?.is_file() {
            take(&file.path(), 0o600)?;
        } else if name != super::CONTROL_SOCKET {
            is_only_ours = false;
        }
    }
    if is_only_ours {
        take(folder, 0o700)?;
    }
    Ok(())
}

fn take(path: &Path, mode: u32) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & OTHERS != 0 => {
            fs::set_permissions(path, Permissions::from_mode(mode))
        }
        // It may have been removed in the meantime.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
