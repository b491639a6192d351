//! trunk, which builds the web page from the client crate.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::{output, path_with};
use crate::tools::{cache, cargo_install};
use crate::workspace;

/// The newest version that builds with our Rust.
pub const VERSION: &str = "0.21.14";

/// Installs it unless a version that reads our Trunk.toml is on `PATH`. Returns the folder to put there.
pub fn ensure() -> Result<Option<PathBuf>> {
    if is_on_path() {
        return Ok(None);
    }
    let flags = ["--locked", "--no-default-features", "--features", "rustls"];
    let tool = cache::ensure("trunk", VERSION, "about 2 minutes on two cores", |folder| {
        cargo_install::into(folder, "trunk", VERSION, "0", &flags)
    })?;
    Ok(Some(tool.join("bin")))
}

/// Whether [`ensure`] has to build it.
pub fn is_missing() -> Result<bool> {
    Ok(!is_on_path() && !cache::has("trunk", VERSION)?)
}

fn is_on_path() -> bool {
    let minor = VERSION.rsplit_once('.').map_or(VERSION, |(minor, _patch)| minor);
    let version = output(Command::new("trunk").arg("--version"));
    version.is_some_and(|version| version.starts_with(&format!("trunk {minor}.")))
}

/// Returns a trunk command in the root of the checkout, with `tools` first on `PATH`. Everything it needs is installed,
/// so it does not ask the network.
pub fn command(task: &str, tools: impl IntoIterator<Item = Option<PathBuf>>) -> Result<Command> {
    let tools: Vec<PathBuf> = tools.into_iter().flatten().collect();
    let mut command = Command::new("trunk");
    command.args([task, "--offline", "true"]).current_dir(workspace::root()).env("PATH", path_with(&tools)?);
    // trunk accepts only `true` and `false`, contrary to the convention that any value counts.
    if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        command.env("NO_COLOR", "true");
    }
    Ok(command)
}
