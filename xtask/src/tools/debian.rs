//! System packages.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{output, run, step};
use crate::tools::cache;

/// Installs `packages`, because `what` is missing.
///
/// # Errors
/// This is not Debian, the user is not root, or apt-get failed. The error names the command to run.
pub fn install(what: &str, packages: &[&str]) -> Result<()> {
    let packages = packages.join(" ");
    let mend = format!("apt-get install -y --no-install-recommends {packages}");
    if !is_debian() {
        bail!("{what} is missing: install it with your system's package manager (on Debian: `sudo {mend}`)");
    }
    if !is_root() {
        bail!("{what} is missing: run `sudo {mend}`");
    }
    let _alone = cache::alone("packages")?;
    step(&format!("{what} is missing: {mend}"));
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.arg("-qq").env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().arg("update"))
        .and_then(|()| run(apt().args(mend.split(' ').skip(1))))
        .with_context(|| format!("{what} is missing and could not be installed; try `{mend}` yourself"))
}

/// Whether [`install`] can be tried: this is Debian, and the user is root.
pub fn can_install() -> bool {
    is_debian() && is_root()
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line == "ID=debian")
}
