//! A wall clock that jumps: a library preloaded into the server adds the offset in a file to it.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::dice::Dice;

/// Source of the library, shared with the server's own tests.
const SOURCE: &str = include_str!("../../../server/tests/leaping_clock.c");
/// Clock offsets in seconds. Most exceed a retention time: a minute for a place in a room, seven days for a guest and
/// for the log of a deserted room.
const LEAPS: [i64; 7] = [0, 40, 90, -2 * HOUR, -24 * HOUR, 8 * 24 * HOUR, 400 * 24 * HOUR];
const HOUR: i64 = 60 * 60;

/// The wall clock that the server sees. Its monotonic clock is left alone.
#[derive(Debug)]
pub(super) struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// Compiles the library in `folder`. The clock starts with the right time.
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
        // Written in place, never replaced: the server has this file mapped into memory.
        let file = fs::OpenOptions::new().write(true).open(&self.file)?;
        file.write_all_at(&seconds.to_ne_bytes(), 0).context("cannot set the clock")
    }
}
