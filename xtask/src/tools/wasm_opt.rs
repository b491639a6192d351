//! wasm-opt, which makes the page smaller; the build can do without it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::process::{find, step};
use crate::tools::{cache, npm};

const VERSION: &str = "132.0.0";

/// Which wasm-opt the page is built with.
pub fn which() -> &'static str {
    if npm::is_there() {
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
    npm::install(folder, &format!("binaryen@{VERSION}"))
}
