//! Node.js and the packages of the browser stories.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fingerprint;
use crate::process::{find, output, run, step};

/// The oldest Node.js with the test runner and the language features that the stories need.
const OLDEST: u32 = 20;

/// # Errors
/// Node.js or npm is missing or too old. The error says how to get it.
pub fn ensure() -> Result<()> {
    let version = output(Command::new("node").arg("--version")).filter(|_| find("npm").is_some());
    let Some(version) = version else {
        bail!(
            "Node.js {OLDEST} or newer with npm is missing: install it from https://nodejs.org \
             (on Debian 13 or newer: `sudo apt-get install -y nodejs npm`)"
        );
    };
    let major = version.trim_start_matches('v').split('.').next().unwrap_or_default();
    match major.parse::<u32>() {
        Ok(major) if major >= OLDEST => Ok(()),
        _ => bail!("Node.js is {version}, {OLDEST} or newer is needed: install it from https://nodejs.org"),
    }
}

/// Installs the packages of `folder/package-lock.json` if it has changed since the last time.
pub fn ensure_packages(folder: &Path) -> Result<()> {
    let stamp = folder.join("node_modules/.stamp");
    let locked = fingerprint::of(&[folder.join("package-lock.json")], &[])?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == locked) {
        return Ok(());
    }
    step("Installing the npm packages of the browser stories");
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))
        .context("the npm packages are missing: run `npm ci` in e2e/ and see what it says")?;
    fs::write(&stamp, locked).with_context(|| format!("cannot write {}", stamp.display()))
}
