//! Python and the packages of the demo client and of the story about mail.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{find, output, run};
use crate::tools::{cache, debian};

/// The version of `websockets` that the demo client runs with.
const WEBSOCKETS: &str = "17.4";
/// The version of `aiosmtpd`, the mail server of a story.
const AIOSMTPD: &str = "1.4.6";

/// Returns a Python that has pip.
pub fn ensure() -> Result<PathBuf> {
    if let Some(python) = with_pip() {
        return Ok(python);
    }
    debian::install("Python 3 with pip", &["python3", "python3-pip"])?;
    with_pip().context("Python 3 and pip were installed, but `python3 -m pip --version` fails")
}

/// Returns the folders for `PYTHONPATH`.
pub fn ensure_packages(python: &Path) -> Result<OsString> {
    let folders = [("websockets", WEBSOCKETS), ("aiosmtpd", AIOSMTPD)]
        .map(|(package, version)| ensure_package(python, package, version));
    let folders = folders.into_iter().collect::<Result<Vec<_>>>()?;
    env::join_paths(folders).context("the cache has a name that PYTHONPATH cannot have")
}

fn ensure_package(python: &Path, package: &str, version: &str) -> Result<PathBuf> {
    cache::ensure(&format!("python-{package}"), version, "seconds", |folder| {
        let package = format!("{package}=={version}");
        let quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"];
        run(Command::new(python).args(["-m", "pip", "install", &package, "--target"]).arg(folder).args(quiet))
    })
}

fn with_pip() -> Option<PathBuf> {
    let python = find("python3")?;
    output(Command::new(&python).args(["-m", "pip", "--version"])).map(|_| python)
}
