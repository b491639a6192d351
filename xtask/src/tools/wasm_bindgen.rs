//! wasm-bindgen's program, whose version must be exactly the library's.

use std::path::PathBuf;

use anyhow::Result;

use crate::lockfile;
use crate::tools::{cache, cargo_install};

/// The folder with the program.
pub fn ensure() -> Result<PathBuf> {
    let version = lockfile::version_of("wasm-bindgen")?;
    // Without `--locked`: the lockfile it ships does not resolve.
    let tool = cache::ensure("wasm-bindgen-cli", &version, "about 2 minutes on two cores", |folder| {
        cargo_install::into(folder, "wasm-bindgen-cli", &version, "1", &[])
    })?;
    Ok(tool.join("bin"))
}
