//! A disk that is full now and then: a small one in memory, filled by a file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

/// More than the data of half an hour at the usual rate; half of the memory that CI has to spare.
const SIZE: &str = "size=512m";
/// The filler grows by so much at once, in bytes, then by ever less, until not even a page fits.
const STEP: u64 = 64 << 20;
const PAGE: u64 = 4 << 10;

/// A small disk.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
}

/// What fills the disk, until it is dropped.
#[derive(Debug)]
pub struct Filler(PathBuf);

impl Disk {
    /// Mounts one at `folder`. It goes with the mount namespace of this process.
    pub(super) fn mount(folder: &Path) -> Result<Self> {
        let status = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(folder).status();
        if !status.context("cannot start mount")?.success() {
            bail!("a small disk cannot be mounted: run this in `unshare --map-root-user --mount`");
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Takes all the room there is.
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
        // The disk goes with the run, whatever stays on it.
        let _ = fs::remove_file(&self.0);
    }
}
