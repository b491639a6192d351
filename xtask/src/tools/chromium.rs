//! The browser for the stories.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::process::find;
use crate::tools::debian;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Returns the program: `HIROBA_CHROMIUM`, or the first one on `PATH`.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = env::var_os("HIROBA_CHROMIUM").filter(|named| !named.is_empty()).map(PathBuf::from) {
        let shown = named.display();
        ensure!(
            named.is_file(),
            "HIROBA_CHROMIUM names {shown}, which is not there: run `unset HIROBA_CHROMIUM`, or name a Chromium"
        );
        return Ok(named);
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    debian::install("Chromium", &["chromium"])?;
    on_path().context("Chromium was installed but is not on PATH; name it with HIROBA_CHROMIUM")
}

fn on_path() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find(name))
}
