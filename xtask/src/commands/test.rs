//! `cargo xtask test`: runs all tests, after setting up what they need.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::build;
use crate::commands::{chaos, check};
use crate::process::{cargo, run as run_to_end, step};
use crate::tools;
use crate::workspace;

/// Timeout per file of stories, in milliseconds.
const FILE_ENDS_WITHIN: u32 = 300_000;

/// Runs checks, unit, property and server tests, a short chaos run, the demo's Python client and the browser stories.
pub fn everything() -> Result<()> {
    // First, so that missing tools show before minutes of building.
    let stage = Stage::set_up()?;
    check::without_tests()?;
    step("Unit, property and server tests");
    run_to_end(cargo().args(["test", "--workspace"]))?;
    chaos::short()?;
    stage.play(&[])
}

/// Runs the browser stories whose file name contains one of `names`, or all if there are none.
pub fn stories(names: &[&str]) -> Result<()> {
    Stage::set_up()?.play(names)
}

/// The tools that the stories need.
struct Stage {
    chromium: PathBuf,
    python: PathBuf,
    python_packages: PathBuf,
}

impl Stage {
    fn set_up() -> Result<Self> {
        step("Setting up what the browser stories need");
        tools::node::ensure()?;
        let chromium = tools::chromium::ensure()?;
        tools::fonts::ensure()?;
        let python = tools::python::ensure()?;
        tools::node::ensure_packages(&folder())?;
        let python_packages = tools::python::ensure_websockets(&python)?;
        Ok(Self { chromium, python, python_packages })
    }

    fn play(&self, names: &[&str]) -> Result<()> {
        let web = build::web::ensure()?;
        let binary = build::server::release(&web)?;
        let stories = stories_named(names)?;
        step(&format!("Browser stories ({} files)", stories.len()));
        // One at a time: stories measure times, and their browser takes both cores.
        run_to_end(
            Command::new("node")
                .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
                .arg(format!("--test-timeout={FILE_ENDS_WITHIN}"))
                .args(&stories)
                .current_dir(folder())
                .env("HIROBA_BINARY", binary)
                .env("HIROBA_CHROMIUM", &self.chromium)
                .env("HIROBA_PYTHON", &self.python)
                .env("PYTHONPATH", &self.python_packages),
        )
    }
}

fn folder() -> PathBuf {
    workspace::root().join("e2e")
}

fn stories_named(names: &[&str]) -> Result<Vec<String>> {
    let mut stories = Vec::new();
    for entry in fs::read_dir(folder().join("stories")).context("cannot list the stories")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let wanted = names.is_empty() || names.iter().any(|wanted| name.contains(wanted));
        if name.ends_with(".test.js") && wanted {
            stories.push(format!("stories/{name}"));
        }
    }
    stories.sort();
    ensure!(!stories.is_empty(), "no story is called {}", names.join(" or "));
    Ok(stories)
}
