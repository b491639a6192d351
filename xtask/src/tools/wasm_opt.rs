//! wasm-opt, which makes the page smaller; the only tool that the build can do without.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process::{find, run, step};
use crate::tools::cache;

const VERSION: &str = "132.0.0";

/// Which wasm-opt the page is built with.
pub fn which() -> &'static str {
    if find("npm").is_some() && find("node").is_some() {
        return VERSION;
    }
    if find("wasm-opt").is_some() { "the system's" } else { "none" }
}

/// Returns the program; `None` if there is none and no npm to install it with.
pub fn ensure() -> Result<Option<PathBuf>> {
    match which() {
        VERSION => {
            let tool = cache::ensure("binaryen", VERSION, "seconds", install)?;
            Ok(Some(tool.join("node_modules/.bin/wasm-opt")))
        }
        "none" => {
            step(
                "There is no npm, so wasm-opt is left out: the page is about 25 to 30 % larger than it could be",
            );
            Ok(None)
        }
        _ => Ok(find("wasm-opt")),
    }
}

/// Whether [`ensure`] has something to do, or to say.
pub fn is_missing() -> Result<bool> {
    Ok(match which() {
        VERSION => !cache::has("binaryen", VERSION)?,
        which => which == "none",
    })
}

fn install(folder: &Path) -> Result<()> {
    let package = format!("binaryen@{VERSION}");
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm")
        .args(["install", "--ignore-scripts", &package, "--prefix"])
        .arg(folder)
        .args(quiet))
}
