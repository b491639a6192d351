//! Fonts for Japanese and emoji, which are boxes on every screenshot otherwise.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::process::{find, output};
use crate::tools::debian;

/// What is missing, the fontconfig pattern, and the Debian package.
const FONTS: [(&str, &str, &str); 2] = [
    ("A Japanese font", ":lang=ja", "fonts-noto-cjk"),
    ("An emoji font", ":lang=und-zsye", "fonts-noto-color-emoji"),
];

/// Installs the fonts that are missing.
pub fn ensure() -> Result<()> {
    if find("fc-list").is_none() {
        debian::install("fontconfig (fc-list)", &["fontconfig"])?;
    }
    for (what, pattern, package) in FONTS {
        if !is_there(pattern) {
            debian::install(what, &[package])?;
            ensure!(is_there(pattern), "{package} was installed, but `fc-list {pattern}` lists nothing");
        }
    }
    Ok(())
}

fn is_there(pattern: &str) -> bool {
    output(Command::new("fc-list").args([pattern, "family"])).is_some_and(|fonts| !fonts.is_empty())
}
