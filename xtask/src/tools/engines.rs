//! The other browser engines for the stories: Firefox, and `WebKit` in GTK's small browser with a display of its own.

use std::env::{self, consts::ARCH};
use std::path::{Path, PathBuf};

use crate::process::{find, step};
use crate::tools::debian;

/// The variable that names the small browser, which is not on `PATH`.
pub const MINIBROWSER: &str = "HIROBA_MINIBROWSER";

/// The Debian package, the program, and the variable that names another one.
const PROGRAMS: [(&str, &str, &str); 3] = [
    ("firefox-esr", "firefox-esr", "HIROBA_FIREFOX"),
    ("webkit2gtk-driver", "WebKitWebDriver", "HIROBA_WEBKIT_DRIVER"),
    ("xvfb", "Xvfb", ""),
];

/// Installs what is missing and returns the path of the small browser. `None` if that is not possible here; then only
/// Chromium is tried.
pub fn ensure() -> Option<PathBuf> {
    let mut missing = missing();
    if !missing.is_empty() && debian::can_install() {
        // The stories in Chromium can do without, for example offline.
        if let Err(error) = debian::install("What drives Firefox and WebKit", &missing) {
            step(&format!("{error:#}"));
        }
        missing = self::missing();
    }
    if !missing.is_empty() {
        step(&format!("Firefox and WebKit are left out: {} is missing", missing.join(", ")));
        return None;
    }
    Some(small_browser())
}

/// The packages that are missing.
fn missing() -> Vec<&'static str> {
    let is_missing =
        |(_, program, variable): &&(&str, &str, &str)| named(variable).is_none() && find(program).is_none();
    let mut packages: Vec<&str> = PROGRAMS.iter().filter(is_missing).map(|(package, ..)| *package).collect();
    if !small_browser().is_file() {
        packages.push("webkit2gtk-driver");
    }
    packages.dedup();
    packages
}

fn small_browser() -> PathBuf {
    let usual = || Path::new("/usr/lib").join(format!("{ARCH}-linux-gnu/webkit2gtk-4.1/MiniBrowser"));
    named(MINIBROWSER).unwrap_or_else(usual)
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|named| !named.is_empty()).map(PathBuf::from)
}
