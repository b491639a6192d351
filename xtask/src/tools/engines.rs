//! The other browser engines for the stories: Firefox, and `WebKit` in GTK's small browser with a display of its own.

use std::env;
use std::path::Path;

use anyhow::Result;

use crate::process::{find, step};
use crate::tools::debian;

/// The Debian package, what is found when it is there, and the variable that names another one.
const PARTS: [(&str, &str, &str); 4] = [
    ("firefox-esr", "firefox-esr", "HIROBA_FIREFOX"),
    ("webkit2gtk-driver", "WebKitWebDriver", "HIROBA_WEBKIT_DRIVER"),
    ("webkit2gtk-driver", "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", "HIROBA_MINIBROWSER"),
    ("xvfb", "Xvfb", ""),
];

/// Installs what is missing. Returns false if that is not possible here; then only Chromium is tried.
pub fn ensure() -> Result<bool> {
    let mut missing: Vec<&str> =
        PARTS.iter().filter(|part| !is_there(part)).map(|(package, ..)| *package).collect();
    missing.dedup();
    if !missing.is_empty() && !debian::can_install() {
        step(&format!("Firefox and WebKit are left out: {} is missing", missing.join(", ")));
        return Ok(false);
    }
    if !missing.is_empty() {
        debian::install("What drives Firefox and WebKit", &missing)?;
    }
    Ok(true)
}

fn is_there((_, program, variable): &(&str, &str, &str)) -> bool {
    let is_named = env::var_os(variable).is_some_and(|named| !named.is_empty());
    is_named || find(program).is_some() || Path::new(program).is_absolute() && Path::new(program).is_file()
}
