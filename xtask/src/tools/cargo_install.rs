//! Tools that are built from source.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::Result;

use crate::process::{cargo, run};
use crate::tools::cache;

/// Installs `package` at `version` into `folder`, optimised for build time: a tool's own release profile may take half
/// an hour. `optimisation` is the level of optimisation, 0 to 3.
pub fn into(folder: &Path, package: &str, version: &str, optimisation: &str, flags: &[&str]) -> Result<()> {
    let build = cache::folder()?.join(format!(".build-{package}-{version}"));
    // On a terminal cargo shows how many of its crates are built; in a log that would be hundreds of lines.
    let quiet = (!io::stderr().is_terminal()).then_some("--quiet");
    run(cargo()
        .arg("install")
        .args(quiet)
        .args([package, "--version", version, "--root"])
        .arg(folder)
        .arg("--target-dir")
        .arg(&build)
        .args(flags)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", optimisation))?;
    fs::remove_dir_all(&build)?;
    Ok(())
}
