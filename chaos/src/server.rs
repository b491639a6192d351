//! The program that is tormented.

use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::dice::Dice;
use crate::world::{Phase, World};

const STARTS_WITHIN: Duration = Duration::from_mins(1);
const STOPS_WITHIN: Duration = Duration::from_secs(20);
/// Between two looks whether it listens.
const LOOK: Duration = Duration::from_millis(10);

/// A `hiroba` with its data in one folder and always at the same address.
pub struct Server {
    binary: PathBuf,
    folder: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    child: Option<Child>,
}

impl Server {
    /// Starts it.
    pub async fn start(binary: &Path, folder: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr())?;
        let mut server = Self { binary: binary.to_owned(), folder: folder.to_owned(), address, child: None };
        server.run().await?;
        Ok(server)
    }

    /// What it says.
    pub fn log_file(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// Its data.
    pub fn database(&self) -> PathBuf {
        self.folder.join("hiroba.db")
    }

    async fn run(&mut self) -> Result<()> {
        let log: File = OpenOptions::new().create(true).append(true).open(self.log_file())?;
        let child = Command::new(&self.binary)
            .args(["--listen", &self.address.to_string(), "--rate-limits", "off"])
            .arg("--data-dir")
            .arg(&self.folder)
            .current_dir(&self.folder)
            .env_clear()
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.binary.display()))?;
        let child = self.child.insert(child);
        let begun = Instant::now();
        while TcpStream::connect(self.address).await.is_err() {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended at its start ({status})");
            }
            if begun.elapsed() > STARTS_WITHIN {
                bail!("the server did not listen within {STARTS_WITHIN:?}");
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// `kill -9`.
    async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended by itself ({status})");
            }
            child.kill().await?;
        }
        Ok(())
    }

    /// Asks it to end and waits until it has.
    ///
    /// # Errors
    /// It does not end, or not well.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let pid = child.id().and_then(|id| Pid::from_raw(id as i32)).context("the server ended by itself")?;
        kill_process(pid, Signal::TERM)?;
        let status = timeout(STOPS_WITHIN, child.wait()).await.context("the server does not stop")??;
        if !status.success() {
            bail!("the server stopped with {status}");
        }
        Ok(())
    }

    /// Kills and starts it until the storm is over. Then it runs.
    pub async fn torment(mut self, world: Arc<World>, mut dice: Dice) -> Result<Self> {
        let mut phase = world.phase.subscribe();
        loop {
            let life = dice.millis(2_000, 1_000 * world.settings.lifetime);
            if !storms_for(&mut phase, life).await {
                return Ok(self);
            }
            let begun = Instant::now();
            if dice.percent(12) {
                self.stop().await?;
                world.numbers.stops.add();
            } else {
                self.kill().await?;
                world.numbers.kills.add();
            }
            if dice.percent(30) {
                storms_for(&mut phase, dice.millis(0, 1_500)).await;
            }
            self.run().await?;
            world.numbers.longest_restart.raise(begun.elapsed().as_millis() as u64);
        }
    }
}

/// Waits. False: the storm is over.
async fn storms_for(phase: &mut watch::Receiver<Phase>, time: Duration) -> bool {
    // Time is up, or the world is gone with its phase.
    timeout(time, phase.wait_for(|phase| *phase > Phase::Storm)).await.is_err()
}
