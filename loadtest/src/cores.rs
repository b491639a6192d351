//! Pins the server and the load to different cores.

use anyhow::{Result, ensure};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Two different cores.
#[derive(Debug, Clone, Copy)]
pub struct Cores {
    server: usize,
    load: usize,
}

impl Cores {
    /// Chooses the first and the last core that this program may use, and pins it to the last.
    ///
    /// # Errors
    /// There is only one core.
    pub fn choose() -> Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let all: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core)).collect();
        ensure!(all.len() >= 2, "measuring needs two cores: one for the server, one for the load");
        let this = Self { server: all[0], load: all[all.len() - 1] };
        pin(this.load)?;
        Ok(this)
    }

    /// Runs `start` on the server's core; processes that it starts stay there.
    ///
    /// # Errors
    /// Those of `start`.
    pub fn on_servers<T>(self, start: impl FnOnce() -> Result<T>) -> Result<T> {
        pin(self.server)?;
        let started = start();
        pin(self.load)?;
        started
    }
}

fn pin(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(None, &set)?)
}
