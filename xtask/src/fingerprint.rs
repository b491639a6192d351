//! Fingerprints of files: one hash of their names and bytes.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

/// Returns the fingerprint of `extra` and of all files below `paths`. A path that does not exist counts as empty.
pub fn of(paths: &[PathBuf], extra: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    extra.hash(&mut hasher);
    for path in paths {
        for file in workspace::files_below(path)? {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            workspace::relative(&file).hash(&mut hasher);
            bytes.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Returns the fingerprint of all files in `folder`, wherever it lies: 16 hexadecimal digits.
pub fn of_contents(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in workspace::files_below(folder)? {
        file.strip_prefix(folder)?.hash(&mut hasher);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
