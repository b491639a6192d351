//! The ACME authority for the server tests.

use crate::process::{find, step};
use crate::tools::debian;

/// The variable that makes the tests fail without it.
pub const NEEDED: &str = "HIROBA_NEEDS_PEBBLE";

/// Installs it where that is possible, and returns whether it is there.
pub fn ensure() -> bool {
    if find("pebble").is_none() && debian::can_install() {
        // The other tests can do without, for example offline.
        if let Err(error) = debian::install("An ACME authority for the tests", &["pebble"]) {
            step(&format!("{error:#}"));
        }
    }
    let is_there = find("pebble").is_some();
    if !is_there {
        step("The tests of ACME are left out: pebble is missing");
    }
    is_there
}
