//! Versions from Cargo.lock.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

/// Returns the version of the package `name`.
///
/// # Errors
/// Cargo.lock cannot be read or has no such package.
pub fn version_of(name: &str) -> Result<String> {
    let lockfile =
        fs::read_to_string(workspace::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    find(&lockfile, name).with_context(|| format!("Cargo.lock has no package {name}"))
}

fn find(lockfile: &str, name: &str) -> Option<String> {
    let name = format!("name = \"{name}\"");
    let mut lines = lockfile.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?;
    Some(version.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::find;

    const LOCKFILE: &str = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                            [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"…\"\n";

    #[test]
    fn the_whole_name_counts() {
        assert_eq!(find(LOCKFILE, "wasm-bindgen").as_deref(), Some("0.2.130"));
    }

    #[test]
    fn an_unknown_package_has_no_version() {
        assert_eq!(find(LOCKFILE, "wasm"), None);
    }
}
