//! The wasm-bindgen program, whose version must match the library's exactly.

use std::path::PathBuf;

use anyhow::Result;

use crate::lockfile;
use crate::tools::{cache, cargo_install};

/// Returns the folder with the program.
pub fn ensure() -> Result<PathBuf> {
    let version = lockfile::version_of("wasm-bindgen")?;
    // Without `--locked`: the lockfile that it ships does not resolve.
    let tool = cache::ensure("wasm-bindgen-cli", &version, "about 2 minutes on two cores", |folder| {
        cargo_install::into(folder, "wasm-bindgen-cli", &version, "1", &[])
    })?;
    Ok(tool.join("bin"))
}
