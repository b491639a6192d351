//! Programs of others that the server tests speak to.

use crate::process::{find, step};
use crate::tools::debian;

/// The variable that makes the tests fail without them.
pub const NEEDED: &str = "HIROBA_NEEDS_PEERS";

/// The Debian package and the program: an ACME authority, and the judge of Prometheus's files.
const PROGRAMS: [(&str, &str); 2] = [("pebble", "pebble"), ("prometheus", "promtool")];

/// Installs what is missing where that is possible, and returns whether all of it is there.
pub fn ensure() -> bool {
    let missing = || {
        let is_missing = |(_, program): &&(&str, &str)| find(program).is_none();
        PROGRAMS.iter().filter(is_missing).map(|(package, _)| *package).collect::<Vec<_>>()
    };
    if !missing().is_empty() && debian::can_install() {
        // The other tests can do without, for example offline.
        if let Err(error) = debian::install("What the server tests speak to", &missing()) {
            step(&format!("{error:#}"));
        }
    }
    let missing = missing();
    if !missing.is_empty() {
        step(&format!("Tests are left out because this is missing: {}", missing.join(", ")));
    }
    missing.is_empty()
}
