//! esbuild, which makes the page's scripts smaller; the build can do without it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::tools::{cache, npm};

const VERSION: &str = "0.28.2";

/// Which esbuild the page is built with.
pub fn which() -> &'static str {
    if npm::is_there() { VERSION } else { "none" }
}

/// Returns the program; `None` if there is no npm to install it with.
pub fn ensure() -> Result<Option<PathBuf>> {
    if !npm::is_there() {
        return Ok(None);
    }
    let tool = cache::ensure("esbuild", VERSION, "seconds", install)?;
    Ok(Some(tool.join("node_modules/.bin/esbuild")))
}

/// Whether [`ensure`] has something to do.
pub fn is_missing() -> Result<bool> {
    Ok(npm::is_there() && !cache::has("esbuild", VERSION)?)
}

fn install(folder: &Path) -> Result<()> {
    npm::install(folder, &format!("esbuild@{VERSION}"))
}
