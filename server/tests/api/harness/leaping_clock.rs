//! A wall clock that leaps, for the real program.

use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// The wall clock of the processes started with it.
pub struct LeapingClock {
    folder: TempDir,
}

impl LeapingClock {
    /// Starts with the correct time.
    pub fn new() -> Self {
        let this = Self { folder: tempfile::tempdir().unwrap() };
        this.leap(0);
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/leaping_clock.c");
        let mut compiler = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
        compiler.args(["-O1", "-fPIC", "-shared", source, "-ldl", "-o"]).arg(this.library());
        assert!(compiler.status().expect("a C compiler, as SQLite needs one").success());
        this
    }

    /// Sets the clock ahead of the correct time by this many seconds.
    pub fn leap(&self, seconds: i64) {
        let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(self.seconds());
        file.unwrap().write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
    }

    /// Runs a program under this clock.
    pub fn wear(&self, mut program: Command) -> Command {
        program.env("LD_PRELOAD", self.library()).env("LEAPING_CLOCK", self.seconds());
        program
    }

    fn seconds(&self) -> PathBuf {
        self.folder.path().join("seconds")
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("leaping_clock.so")
    }
}
