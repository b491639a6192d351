//! `cargo xtask test`: runs all tests, after setting up what they need.

use std::ffi::OsString;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::build;
use crate::commands::{chaos, check};
use crate::process::{cargo, run as run_to_end, step};
use crate::tools;
use crate::workspace;

/// Stories that measure times, which nothing else may disturb.
const MEASURED: &str = "stories/measured";
/// The main flows in Firefox and `WebKit`.
const ENGINES: &str = "engines";
/// More browsers than this need more memory than a build machine may have.
const MOST_AT_ONCE: usize = 4;
/// Timeout per file of stories, in milliseconds.
const FILE_ENDS_WITHIN: u32 = 300_000;

/// Runs checks, unit, property and server tests, a short chaos run, the demo's Python client and the browser stories.
pub fn everything() -> Result<()> {
    // First, so that missing tools show before minutes of building.
    let stage = Stage::set_up(&[])?;
    check::without_tests()?;
    step("Unit, property and server tests");
    // Most server tests wait for something most of the time.
    let threads = (2 * cores()).to_string();
    let mut tests = cargo();
    tests.args(["test", "--workspace"]).env("RUST_TEST_THREADS", threads);
    if tools::peers::ensure() {
        tests.env(tools::peers::NEEDED, "1");
    }
    run_to_end(&mut tests)?;
    chaos::short()?;
    stage.play(&[])
}

/// Runs the browser stories whose file name contains one of `names`, or all if there are none.
pub fn stories(names: &[&str]) -> Result<()> {
    Stage::set_up(names)?.play(names)
}

/// The tools that the stories need.
struct Stage {
    chromium: PathBuf,
    /// What shows pages in `WebKit`, if that and Firefox are to be tried.
    small_browser: Option<PathBuf>,
    python: PathBuf,
    python_packages: OsString,
    trunk: PathBuf,
}

impl Stage {
    fn set_up(names: &[&str]) -> Result<Self> {
        step("Setting up what the browser stories need");
        tools::node::ensure()?;
        let chromium = tools::chromium::ensure()?;
        let tries_engines = !stories_named(ENGINES, names)?.is_empty();
        let small_browser = if tries_engines { tools::engines::ensure() } else { None };
        tools::fonts::ensure()?;
        let python = tools::python::ensure()?;
        tools::node::ensure_packages(&folder())?;
        let python_packages = tools::python::ensure_packages(&python)?;
        // The folder, unless it is on `PATH`.
        let trunk = tools::trunk::ensure()?.map_or_else(|| "trunk".into(), |folder| folder.join("trunk"));
        Ok(Self { chromium, small_browser, python, python_packages, trunk })
    }

    fn play(&self, names: &[&str]) -> Result<()> {
        let web = build::web::ensure()?;
        let binary = build::server::release(&web)?;
        let mut folders = vec![("stories", cores().min(MOST_AT_ONCE)), (MEASURED, 1)];
        if self.small_browser.is_some() {
            folders.push((ENGINES, 1));
        }
        let stories =
            folders.into_iter().map(|(folder, at_once)| Ok((stories_named(folder, names)?, at_once)));
        let stories = stories.collect::<Result<Vec<_>>>()?;
        ensure!(
            stories.iter().any(|(files, _)| !files.is_empty()),
            "no story is called {}",
            names.join(" or ")
        );
        for (stories, at_once) in stories {
            if !stories.is_empty() {
                self.play_files(&stories, at_once, &binary, &web)?;
            }
        }
        Ok(())
    }

    fn play_files(&self, stories: &[String], at_once: usize, binary: &Path, web: &Path) -> Result<()> {
        step(&format!("Browser stories ({} files, {at_once} at once)", stories.len()));
        run_to_end(
            Command::new("node")
                .args(["--test", "--test-reporter=spec"])
                .arg(format!("--test-concurrency={at_once}"))
                .arg(format!("--test-timeout={FILE_ENDS_WITHIN}"))
                .args(stories)
                .current_dir(folder())
                .env("HIROBA_BINARY", binary)
                .env("HIROBA_CHROMIUM", &self.chromium)
                .env("HIROBA_TRUNK", &self.trunk)
                .env("HIROBA_WEB", web)
                .envs(self.small_browser.iter().map(|path| (tools::engines::MINIBROWSER, path)))
                .env("HIROBA_PYTHON", &self.python)
                .env("PYTHONPATH", &self.python_packages),
        )
    }
}

fn folder() -> PathBuf {
    workspace::root().join("e2e")
}

/// The number of processors, at least one.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Returns the files of a folder whose name contains one of `names`, or all if there are none.
fn stories_named(within: &str, names: &[&str]) -> Result<Vec<String>> {
    let mut stories = Vec::new();
    for entry in fs::read_dir(folder().join(within)).context("cannot list the stories")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let wanted = names.is_empty() || names.iter().any(|wanted| name.contains(wanted));
        if name.ends_with(".test.js") && wanted {
            stories.push(format!("{within}/{name}"));
        }
    }
    stories.sort();
    Ok(stories)
}
