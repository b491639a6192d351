//! The server with the web client inside.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::process::{cargo, run, step};
use crate::workspace;

/// Builds the optimised `hiroba` with the web client in `web` embedded, if it is not built already.
pub fn release(web: &Path) -> Result<PathBuf> {
    let binary = workspace::target()?.join("release/hiroba");
    if !binary.exists() {
        step("Building the server, optimised (the first time about 4 minutes on two cores)");
    }
    run(cargo().args(["build", "--release", "--package", "server"]).env("HIROBA_WEB_DIST", web))?;
    Ok(binary)
}
