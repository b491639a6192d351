//! Checks the integrity of the stored logs.

use std::path::Path;

use anyhow::bail;

use crate::store::sqlite::{Archive, Findings};

/// Checks all stored data. The server may be running.
///
/// # Errors
/// There is no data, or it is damaged; the message says how.
pub async fn check(data: &Path) -> anyhow::Result<()> {
    let mut archive = Archive::open(data).await?;
    let found = archive.check().await?;
    archive.close().await?;
    report(&found)
}

pub(super) fn report(found: &Findings) -> anyhow::Result<()> {
    if !found.faults.is_empty() {
        bail!("the data is damaged:\n{}", found.faults.join("\n"));
    }
    println!("{} rooms, {} messages, {} changes", found.rooms, found.messages, found.changes);
    println!("Every log is whole.");
    Ok(())
}
