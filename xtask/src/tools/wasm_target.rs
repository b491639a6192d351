//! Rust's standard library for the browser.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{output, run, step};
use crate::tools::cache;
use crate::workspace;

/// The compilation target of the client.
pub const TRIPLE: &str = "wasm32-unknown-unknown";

/// Adds the target where rustup does not do so itself on reading rust-toolchain.toml.
pub fn ensure() -> Result<()> {
    if !is_missing()? {
        return Ok(());
    }
    let _alone = cache::alone(TRIPLE)?;
    step(&format!("Adding Rust's target {TRIPLE}"));
    let mut rustup = Command::new("rustup");
    let added = run(rustup.args(["target", "add", TRIPLE]).current_dir(workspace::root()));
    if let Err(error) = added {
        bail!("{error:#}; the target {TRIPLE} is missing: run `rustup target add {TRIPLE}`");
    }
    Ok(())
}

/// Whether [`ensure`] has to add it.
pub fn is_missing() -> Result<bool> {
    let library = output(Command::new("rustc").args(["--print", "target-libdir", "--target", TRIPLE]))
        .context("rustc is missing: install Rust with rustup (https://rustup.rs)")?;
    Ok(!Path::new(&library).is_dir())
}
