//! Tools that come as npm packages.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::{find, run};

/// Whether packages can be installed.
pub fn is_there() -> bool {
    find("npm").is_some() && find("node").is_some()
}

/// Installs `package@version` into a folder.
pub fn install(folder: &Path, package: &str) -> Result<()> {
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm")
        .args(["install", "--ignore-scripts", package, "--prefix"])
        .arg(folder)
        .args(quiet))
}
