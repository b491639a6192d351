//! `cargo xtask chaos`: a server that is killed, a network that breaks, and the reckoning afterwards.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::process::{cargo, run as run_to_end, step};
use crate::workspace;

/// A run that is part of all tests. The seed says what is done; when it happens is up to the machine.
const SHORT: [&str; 8] = ["--minutes", "0.4", "--rate", "40", "--lifetime", "4", "--seed", "3"];

/// Builds a server and what torments it, and lets the one loose on the other; optimised if `--minutes` asks for a
/// longer run.
pub fn run(flags: &[&str]) -> Result<()> {
    let of_its_own = flags.iter().all(|flag| !flag.starts_with("--server"));
    ensure!(of_its_own, "the server is the one of this checkout: leave out `--server`");
    let long = flags.iter().any(|flag| flag.starts_with("--minutes"));
    let (profile, folder) = if long { ("release", "release") } else { ("dev", "debug") };
    step("Building the server and what torments it");
    for package in ["server", "chaos"] {
        run_to_end(cargo().args(["build", "--bins", "--profile", profile, "--package", package]))?;
    }
    torment(folder, flags)
}

/// The short form, with what the tests have built.
pub fn short() -> Result<()> {
    // Asks for the tests as well, so that nothing is built with other features than before.
    run_to_end(cargo().args(["build", "--workspace", "--bins", "--tests"]))?;
    torment("debug", &SHORT)
}

fn torment(folder: &str, flags: &[&str]) -> Result<()> {
    step("Chaos");
    let folder = workspace::target()?.join(folder);
    run_to_end(Command::new(folder.join("chaos")).arg("--server").arg(folder.join("hiroba")).args(flags))
}
