//! wasm-split-cli, which cuts the client's program into the pieces that the browser fetches on demand.

use std::path::PathBuf;

use anyhow::Result;

use crate::tools::{cache, cargo_install};

const PACKAGE: &str = "wasm_split_cli_support";

/// It must know the marker that `wasm_split_helpers` of Cargo.lock writes into the program.
pub const VERSION: &str = "0.2.4";

/// Installs it and returns the program.
pub fn ensure() -> Result<PathBuf> {
    let flags = ["--locked", "--features", "build-binary"];
    let tool = cache::ensure(PACKAGE, VERSION, "about a minute on two cores", |folder| {
        cargo_install::into(folder, PACKAGE, VERSION, "1", &flags)
    })?;
    Ok(tool.join("bin/wasm-split-cli"))
}

/// Whether [`ensure`] has to build it.
pub fn is_missing() -> Result<bool> {
    Ok(!cache::has(PACKAGE, VERSION)?)
}
