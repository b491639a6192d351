//! What people write is nobody else's on this machine. What the program makes is its owner's alone (`main` sets the
//! mask for that); what an earlier version made is taken from the others here.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::lock;

/// Other users of the machine. A group that may read is left alone: somebody chose it.
const OTHERS: u32 = 0o007;

fn is_ours(name: &str) -> bool {
    name == lock::FILE || [super::FILE, super::SEARCH_FILE].iter().any(|file| name.starts_with(file))
}

/// Takes the folder and the files in it from other users. A folder with other things in it keeps its permissions: it is
/// not only ours.
pub(super) fn make_private(folder: &Path) {
    if let Err(error) = try_to(folder) {
        tracing::warn!(%error, "other users of this machine may be able to read the data folder");
    }
}

fn try_to(folder: &Path) -> io::Result<()> {
    let mut is_only_ours = true;
    for file in fs::read_dir(folder)? {
        let file = file?;
        if file.file_name().to_str().is_some_and(is_ours) && file.file_type()?.is_file() {
            take(&file.path(), 0o600)?;
        } else {
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
        // It may have gone meanwhile.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
