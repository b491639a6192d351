//! `cargo xtask dist`: builds the single file that is deployed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::build;
use crate::first_load;
use crate::process::{plan, run as run_to_end, step};
use crate::trial_server::TrialServer;
use crate::workspace;

/// Size limit of the binary, in bytes.
const BINARY_BUDGET: u64 = 40 * 1024 * 1024;

/// Builds `target/dist/hiroba` and tries it as it will be deployed: alone in an empty folder.
pub fn run() -> Result<()> {
    plan(build::web::steps()? + build::server::steps()? + 1);
    let web = build::web::ensure()?;
    let built = build::server::release(&web)?;
    let binary = workspace::target()?.join("dist/hiroba");
    strip(&built, &binary)?;
    let size = fs::metadata(&binary)?.len();
    step("What the first visit of the page costs");
    let folder = workspace::own_folder()?.join(format!("trial-{}", std::process::id()));
    fs::create_dir(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let measured = TrialServer::start(&binary, &folder).and_then(|server| first_load::measure(&server, &web));
    fs::remove_dir_all(&folder)?;
    measured?;
    let mib = size as f64 / 1024.0 / 1024.0;
    println!("\n{} ({mib:.1} MiB): copy it anywhere, it needs nothing else.", binary.display());
    ensure!(size <= BINARY_BUDGET, "the binary is over its budget of {BINARY_BUDGET} bytes");
    Ok(())
}

/// Copies the binary without symbols, which the build itself keeps for profilers. `strip` comes with the C compiler.
fn strip(built: &Path, binary: &Path) -> Result<()> {
    if let Some(folder) = binary.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    run_to_end(Command::new("strip").arg("-o").args([binary, built]))
}
