//! The server with the web client embedded.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::process::{cargo, run, step};
use crate::workspace;

/// Builds the optimised `hiroba` with the web client in `web` embedded, unless it is up to date.
pub fn release(web: &Path) -> Result<PathBuf> {
    let binary = binary()?;
    if !binary.exists() {
        step("Building the server, optimised (the first time about 4 minutes on two cores)");
    }
    run(cargo().args(["build", "--release", "--package", "server"]).env("HIROBA_WEB_DIST", web))?;
    Ok(binary)
}

/// How many steps [`release`] has to take.
pub fn steps() -> Result<usize> {
    Ok(usize::from(!binary()?.exists()))
}

fn binary() -> Result<PathBuf> {
    Ok(workspace::target()?.join("release/hiroba"))
}
