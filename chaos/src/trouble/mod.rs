//! Faults of the machine under a running server: a full disk, a locked database, a clock that jumps.

mod clock;
mod disk;
mod lock;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use anyhow::Result;
use tokio::process::Command;

use crate::dice::Dice;
use crate::world::World;

use clock::Clock;
use disk::{Disk, Filler};
use lock::WriteLock;

/// Injects faults, and prepares the folder of the server's data.
pub struct Troubles {
    world: Arc<World>,
    data: PathBuf,
    disk: Option<Disk>,
    clock: Clock,
    /// How many times [`Self::begin`] was called.
    asked: u64,
}

/// A fault that lasts until it is dropped.
#[allow(dead_code, reason = "held for what their end undoes")]
pub enum Trouble {
    FullDisk(Filler, Under),
    /// Another program holds the write lock of the database.
    HeldLock(WriteLock, Under),
}

/// Guard of a time in which nothing can be stored; counts its begin and end in [`World::troubles`].
pub struct Under(Arc<World>);

impl Under {
    fn new(world: &Arc<World>) -> Self {
        world.troubles.add();
        Self(world.clone())
    }
}

impl Drop for Under {
    fn drop(&mut self) {
        self.0.troubles.add();
    }
}

impl Troubles {
    /// Prepares `folder/data` for the data of a server, on a small disk that can be filled if `small_disk`.
    ///
    /// # Errors
    /// The disk cannot be mounted, or there is no C compiler.
    pub fn prepare(world: Arc<World>, folder: &Path, small_disk: bool) -> Result<Self> {
        let data = data(folder);
        fs::create_dir_all(&data)?;
        let disk = if small_disk { Some(Disk::mount(&data)?) } else { None };
        Ok(Self { world, data, disk, clock: Clock::new(folder)?, asked: 0 })
    }

    /// The server's data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Makes `server` use the clock of this run.
    pub fn give_clock(&self, server: &mut Command) {
        self.clock.give(server);
    }

    /// Begins the next fault. The clock may jump, and stays there; a full disk, a held lock and neither alternate.
    /// Returns the fault and how long it should last.
    pub async fn begin(&mut self, dice: &mut Dice) -> Result<(Option<Trouble>, Duration)> {
        let (leaps, full, held) = (dice.percent(40), dice.millis(200, 3_000), dice.millis(500, 8_000));
        if leaps {
            self.clock.leap(dice)?;
            self.world.numbers.clock_leaps.add();
        }
        self.asked += 1;
        Ok(match (self.asked % 3, &self.disk) {
            (1, Some(disk)) => {
                self.world.numbers.full_disks.add();
                let under = Under::new(&self.world);
                (Some(Trouble::FullDisk(disk.fill()?, under)), full)
            }
            (2, _) => {
                let under = Under::new(&self.world);
                let lock = WriteLock::take(&self.data.join("hiroba.db")).await?;
                self.world.numbers.held_locks.add();
                (Some(Trouble::HeldLock(lock, under)), held)
            }
            _ => (None, Duration::ZERO),
        })
    }

    /// Sets the clock right again.
    pub fn end(&self) -> Result<()> {
        self.clock.set_right()
    }
}

/// The server's data folder within the folder of a run.
fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// Copies the data in the folder of a run to `kept` for inspection: a small disk vanishes with the run.
pub fn keep(folder: &Path) -> io::Result<()> {
    let kept = folder.join("kept");
    fs::create_dir_all(&kept)?;
    for entry in fs::read_dir(data(folder))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), kept.join(entry.file_name()))?;
        }
    }
    Ok(())
}
