//! wasm-opt, which makes the page smaller; the only tool that the build can do without.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{find, run, step};
use crate::tools::cache;
use crate::workspace;

const VERSION: &str = "132.0.0";

/// Stands in for a missing wasm-opt, without which trunk does not build for release.
const COPY: &str = "#!/bin/sh
# trunk asks for `--version`, or calls `wasm-opt --output=TO -Oz FROM` with further flags behind.
case $1 in
    --version) echo 'wasm-opt version 0' ;;
    --output=*) cp \"$3\" \"${1#--output=}\" ;;
esac
";

/// Which wasm-opt the page is built with.
pub fn which() -> &'static str {
    if find("npm").is_some() && find("node").is_some() {
        return VERSION;
    }
    if find("wasm-opt").is_some() { "the system's" } else { "none" }
}

/// Returns the folder with the program, or with a stand-in that only copies.
pub fn ensure() -> Result<PathBuf> {
    match which() {
        VERSION => {
            let tool = cache::ensure("binaryen", VERSION, "seconds", install)?;
            Ok(tool.join("node_modules/.bin"))
        }
        "none" => {
            step(
                "There is no npm, so wasm-opt is left out: the page is about 25 to 30 % larger than it could be",
            );
            stand_in()
        }
        _ => workspace::own_folder(),
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

fn stand_in() -> Result<PathBuf> {
    let folder = workspace::own_folder()?.join("without-wasm-opt");
    fs::create_dir_all(&folder)?;
    let program = folder.join("wasm-opt");
    fs::write(&program, COPY).with_context(|| format!("cannot write {}", program.display()))?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}
