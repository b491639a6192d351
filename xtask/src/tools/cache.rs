//! The user's folder of installed tools, which every clone shares.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::step;

/// `$XDG_CACHE_HOME/hiroba/tools`, by default `~/.cache/hiroba/tools`.
pub fn folder() -> Result<PathBuf> {
    let caches = env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let caches = caches.or_else(|| env::home_dir().map(|home| home.join(".cache")));
    Ok(caches.context("neither XDG_CACHE_HOME nor HOME is set")?.join("hiroba/tools"))
}

/// The folder of `tool` at `version`, which `install` fills if it is not there. `cost` says how long that takes.
///
/// A broken-off installation leaves no folder by that name behind.
pub fn ensure(
    tool: &str,
    version: &str,
    cost: &str,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let name = format!("{tool}-{version}");
    let installed = folder()?.join(&name);
    if installed.is_dir() {
        return Ok(installed);
    }
    step(&format!("Installing {tool} {version} into {} (once; {cost})", folder()?.display()));
    let unfinished = folder()?.join(format!(".{name}.{}", std::process::id()));
    fs::create_dir_all(&unfinished).with_context(|| format!("cannot create {}", unfinished.display()))?;
    let result = install(&unfinished).and_then(|()| match fs::rename(&unfinished, &installed) {
        Err(_) if installed.is_dir() => Ok(()), // another clone was quicker
        renamed => renamed.with_context(|| format!("cannot create {}", installed.display())),
    });
    if unfinished.is_dir() {
        fs::remove_dir_all(&unfinished)?;
    }
    result.with_context(|| format!("{tool} {version} could not be installed"))?;
    Ok(installed)
}
