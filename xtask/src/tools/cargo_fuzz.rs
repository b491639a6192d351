//! cargo-fuzz, which builds and runs the fuzz targets.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::find;
use crate::tools::{cache, cargo_install, debian};

/// Builds with our version of Rust.
const VERSION: &str = "0.13.2";

/// Returns the folder with the program. libFuzzer itself is C++ and is built with each target.
pub fn ensure() -> Result<PathBuf> {
    if find("c++").is_none() {
        debian::install("A C++ compiler", &["g++"])?;
        if find("c++").is_none() {
            bail!("g++ was installed, but there is no `c++` on PATH");
        }
    }
    let tool = cache::ensure("cargo-fuzz", VERSION, "about a minute on two cores", |folder| {
        cargo_install::into(folder, "cargo-fuzz", VERSION, "0", &["--locked"])
    })?;
    Ok(tool.join("bin"))
}
