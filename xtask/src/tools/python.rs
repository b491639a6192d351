//! Python and the one package that the demo client imports.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{find, output, run};
use crate::tools::{cache, debian};

/// The version of `websockets` that the demo client runs with.
const WEBSOCKETS: &str = "17.4";

/// Returns a Python that has pip.
pub fn ensure() -> Result<PathBuf> {
    if let Some(python) = with_pip() {
        return Ok(python);
    }
    debian::install("Python 3 with pip", &["python3", "python3-pip"])?;
    with_pip().context("Python 3 and pip were installed, but `python3 -m pip --version` fails")
}

/// Returns the folder for `PYTHONPATH`.
pub fn ensure_websockets(python: &Path) -> Result<PathBuf> {
    cache::ensure("python-websockets", WEBSOCKETS, "seconds", |folder| {
        let package = format!("websockets=={WEBSOCKETS}");
        let quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"];
        run(Command::new(python).args(["-m", "pip", "install", &package, "--target"]).arg(folder).args(quiet))
    })
}

fn with_pip() -> Option<PathBuf> {
    let python = find("python3")?;
    output(Command::new(&python).args(["-m", "pip", "--version"])).map(|_| python)
}
