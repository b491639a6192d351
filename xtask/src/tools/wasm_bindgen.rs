//! The wasm-bindgen program, whose version must match the library's exactly.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::lockfile;
use crate::process::output;
use crate::tools::{cache, cargo_install};

const NAME: &str = "wasm-bindgen-cli";

/// Installs it unless that version is on `PATH`. Returns the folder to put there.
pub fn ensure() -> Result<Option<PathBuf>> {
    let version = version()?;
    if is_on_path(&version) {
        return Ok(None);
    }
    // Without `--locked`: the lockfile that it ships does not resolve.
    let tool = cache::ensure(NAME, &version, "about 2 minutes on two cores", |folder| {
        cargo_install::into(folder, NAME, &version, "1", &[])
    })?;
    Ok(Some(tool.join("bin")))
}

/// Whether [`ensure`] has to build it.
pub fn is_missing() -> Result<bool> {
    let version = version()?;
    Ok(!is_on_path(&version) && !cache::has(NAME, &version)?)
}

fn version() -> Result<String> {
    lockfile::version_of("wasm-bindgen")
}

fn is_on_path(version: &str) -> bool {
    output(Command::new("wasm-bindgen").arg("--version"))
        .is_some_and(|on_path| on_path == format!("wasm-bindgen {version}"))
}
