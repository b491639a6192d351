//! trunk, which builds the web page from the client crate.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::path_with;
use crate::tools::{cache, cargo_install};
use crate::workspace;

/// The newest version that builds with our Rust.
pub const VERSION: &str = "0.21.14";

/// Returns the folder with the program.
pub fn ensure() -> Result<PathBuf> {
    let flags = ["--locked", "--no-default-features", "--features", "rustls"];
    let tool = cache::ensure("trunk", VERSION, "about 2 minutes on two cores", |folder| {
        cargo_install::into(folder, "trunk", VERSION, "0", &flags)
    })?;
    Ok(tool.join("bin"))
}

/// Returns a trunk command in the root of the checkout, with `tools` first on `PATH`.
pub fn command(tools: &[PathBuf]) -> Result<Command> {
    let mut command = Command::new("trunk");
    command.current_dir(workspace::root()).env("PATH", path_with(tools)?);
    // trunk accepts only `true` and `false`, contrary to the convention that any value counts.
    if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        command.env("NO_COLOR", "true");
    }
    Ok(command)
}
