//! `cargo xtask run`: from a fresh clone to a running server.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build;
use crate::process::{plan, step};
use crate::workspace;

/// Builds what is out of date and replaces this process with the server.
pub fn run(flags: &[&str]) -> Result<()> {
    plan(build::web::steps()? + build::server::steps()? + 1);
    let web = build::web::ensure()?;
    let binary = build::server::release(&web)?;
    step(&format!("Starting Hiroba on {} (Ctrl-C ends it)", address(flags)));
    let error = Command::new(&binary).args(flags).current_dir(workspace::root()).exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}

/// Returns the URL of the page, as far as the flags determine it.
fn address(flags: &[&str]) -> String {
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        if let Some(address) = flag.strip_prefix("--listen=") {
            return format!("http://{address}");
        }
        if *flag == "--listen" {
            return format!("http://{}", flags.next().unwrap_or(&""));
        }
    }
    match std::env::var("HIROBA_LISTEN") {
        Ok(address) if !address.is_empty() => format!("http://{address}"),
        Ok(_) | Err(_) => "http://localhost:8765".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_address_follows_the_flags() {
        assert_eq!(address(&[]), "http://localhost:8765");
        assert_eq!(address(&["--listen", "127.0.0.1:9000"]), "http://127.0.0.1:9000");
        assert_eq!(address(&["--rate-limits", "off", "--listen=127.0.0.1:9001"]), "http://127.0.0.1:9001");
    }
}
