//! `cargo xtask chaos`: runs the server with kills, a bad network and other faults, then checks what is left.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::process::{cargo, output, run as run_to_end, step};
use crate::workspace;

/// The run that is part of `cargo xtask test`. The seed determines the actions; their timing depends on the machine.
const SHORT: [&str; 8] = ["--minutes", "0.4", "--rate", "40", "--lifetime", "4", "--seed", "3"];

/// Builds the server and the chaos test and runs the test; optimised if `--minutes` asks for a longer run.
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

/// The short run, with the binaries that the tests have built.
pub fn short() -> Result<()> {
    // Includes the tests, so that features resolve as before and nothing is rebuilt.
    run_to_end(cargo().args(["build", "--workspace", "--tests", "--bin", "chaos", "--bin", "hiroba"]))?;
    torment("debug", &SHORT)
}

fn torment(folder: &str, flags: &[&str]) -> Result<()> {
    step("Chaos");
    let folder = workspace::target()?.join(folder);
    let chaos = folder.join("chaos");
    let mut torment = if let Some(mut unshare) = own_mounts() {
        unshare.arg("--").arg(&chaos).arg("--small-disk");
        unshare
    } else {
        step("This system lets nobody mount a small disk: the disk will not be full in this run");
        Command::new(&chaos)
    };
    torment.arg("--server").arg(folder.join("hiroba")).args(flags);
    run_to_end(&mut torment)
}

/// A command that runs a program in a mount namespace of its own; none where that is not permitted.
fn own_mounts() -> Option<Command> {
    [&["--mount"][..], &["--map-root-user", "--mount"]].into_iter().find_map(|flags| {
        let unshare = || {
            let mut unshare = Command::new("unshare");
            unshare.args(flags);
            unshare
        };
        let trial = ["mount", "-t", "tmpfs", "tmpfs"];
        output(unshare().args(trial).arg("/tmp")).map(|_| unshare())
    })
}
