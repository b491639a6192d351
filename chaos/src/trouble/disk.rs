//! A disk that is full at times: a small tmpfs, filled up by a file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

/// More than half an hour's data at the usual rate, and half of the memory that CI has to spare.
const SIZE: &str = "size=512m";
/// Initial step in bytes by which the filler grows; halved on failure until not even a page fits.
const STEP: u64 = 64 << 20;
const PAGE: u64 = 4 << 10;

/// A small disk in memory.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
}

/// The file that fills the disk; removed on drop.
#[derive(Debug)]
pub struct Filler(PathBuf);

impl Disk {
    /// Mounts a disk at `folder`. It is unmounted with the mount namespace of this process.
    pub(super) fn mount(folder: &Path) -> Result<Self> {
        let status = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(folder).status();
        if !status.context("cannot start mount")?.success() {
            bail!("a small disk cannot be mounted: run this in `unshare --map-root-user --mount`");
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Fills the disk completely.
    pub(super) fn fill(&self) -> Result<Filler> {
        let filler = Filler(self.folder.join("filler"));
        let file = File::create(&filler.0)?;
        let (mut size, mut step) = (0, STEP);
        while step >= PAGE {
            match fallocate(&file, FallocateFlags::empty(), size, step) {
                Ok(()) => size += step,
                Err(Errno::NOSPC) => step /= 2,
                Err(error) => return Err(io::Error::from(error)).context("cannot fill the disk"),
            }
        }
        Ok(filler)
    }
}

impl Drop for Filler {
    fn drop(&mut self) {
        // An error does not matter: the disk vanishes with the run.
        let _ = fs::remove_file(&self.0);
    }
}
