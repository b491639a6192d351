//! Measures the size of the first visit of the page.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::trial_server::TrialServer;
use crate::workspace;

/// Limit of all files of the first visit together, compressed as sent, in bytes (docs/ux.md).
const BUDGET: u64 = 350 * 1024;
/// Loaded on demand, not with the first visit.
const LATER: [&str; 1] = ["emoji.json"];

/// Prints the size of each file of the web client in `dist` as `server` sends it.
///
/// # Errors
/// The files exceed the budget together, or one of them is not served.
pub fn measure(server: &TrialServer, dist: &Path) -> Result<()> {
    let mut total = 0;
    for file in workspace::files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
        let path = if name == "index.html" { String::new() } else { name.clone() };
        let size = server.transferred(&format!("/{path}"))?;
        if LATER.contains(&name.as_str()) {
            println!("  {size:>9} bytes  {name}, not with the first visit");
            continue;
        }
        println!("  {size:>9} bytes  {name}");
        total += size;
    }
    println!("  {total:>9} bytes  first load over the wire ({} KiB of {} KiB)", total / 1024, BUDGET / 1024);
    ensure!(total > 0, "there is no web client in {}", dist.display());
    ensure!(total <= BUDGET, "the first load is over its budget by {} bytes", total - BUDGET);
    Ok(())
}
