//! Measures the size of what the page starts with, and of the pieces that it fetches later.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::build::pieces;
use crate::trial_server::TrialServer;
use crate::workspace;

/// Limits of what the page needs, compressed as sent, in bytes (docs/ux.md): until one can type a name, and until one can
/// write.
const UNTIL_A_NAME: u64 = 190 * 1024;
const UNTIL_A_MESSAGE: u64 = 336 * 1024;
/// Data that is loaded on demand.
const LATER: [&str; 1] = ["emoji.json"];

/// Prints the size of each file of the web client in `dist` as `server` sends it.
///
/// # Errors
/// The files that the page starts with exceed a budget together, or one of them is not served.
pub fn measure(server: &TrialServer, dist: &Path) -> Result<()> {
    let (mut page, mut program) = (0, 0);
    for file in workspace::files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
        let path = if name == "index.html" { String::new() } else { name.clone() };
        let size = server.transferred(&format!("/{path}"))?;
        let last = name.rsplit('/').next().unwrap_or_default();
        if LATER.contains(&last) || pieces::is_piece(last) {
            println!("  {size:>9} bytes  {name}, later");
            continue;
        }
        println!("  {size:>9} bytes  {name}");
        // The program has a folder of its own.
        *if name.contains('/') { &mut program } else { &mut page } += size;
    }
    ensure!(page > 0, "there is no web client in {}", dist.display());
    within("type a name", page, UNTIL_A_NAME)?;
    within("write", page + program, UNTIL_A_MESSAGE)
}

fn within(what: &str, bytes: u64, budget: u64) -> Result<()> {
    println!("  {bytes:>9} bytes  until one can {what} ({} KiB of {} KiB)", bytes / 1024, budget / 1024);
    ensure!(bytes <= budget, "the page is over its budget by {} bytes", bytes - budget);
    Ok(())
}
