//! A clock that leaps: a library preloaded into the server adds to its wall clock what a file says.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::dice::Dice;

/// The library, which the server's own tests use too.
const SOURCE: &str = include_str!("../../../server/tests/leaping_clock.c");
/// How far the clock is off, in seconds. Most are beyond the ages at which something is removed: a minute for a place in
/// a room, seven days for a guest and for the log of an empty room.
const LEAPS: [i64; 7] = [0, 40, 90, -2 * HOUR, -24 * HOUR, 8 * 24 * HOUR, 400 * 24 * HOUR];
const HOUR: i64 = 60 * 60;

/// The wall clock that the server sees. The monotonic one goes on as it is.
#[derive(Debug)]
pub(super) struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// A clock that goes right. What it is made of is in `folder`.
    pub(super) fn new(folder: &Path) -> Result<Self> {
        let [source, library, file] = ["clock.c", "clock.so", "clock"].map(|name| folder.join(name));
        fs::write(&source, SOURCE)?;
        let mut compiler = Program::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source).arg("-ldl");
        ensure!(
            compiler.status().context("cannot start cc")?.success(),
            "cc cannot make {}",
            library.display()
        );
        fs::write(&file, 0_i64.to_ne_bytes())?;
        Ok(Self { library, file })
    }

    pub(super) fn give(&self, server: &mut Command) {
        server.env("LD_PRELOAD", &self.library).env("LEAPING_CLOCK", &self.file);
    }

    pub(super) fn leap(&self, dice: &mut Dice) -> Result<()> {
        dice.pick(&LEAPS).map_or(Ok(()), |&leap| self.set(leap))
    }

    pub(super) fn set_right(&self) -> Result<()> {
        self.set(0)
    }

    fn set(&self, seconds: i64) -> Result<()> {
        // The server has the file in its memory: it is never another one.
        let file = fs::OpenOptions::new().write(true).open(&self.file)?;
        file.write_all_at(&seconds.to_ne_bytes(), 0).context("cannot set the clock")
    }
}
