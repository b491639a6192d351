//! The server under test.

use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep, timeout};

use crate::dice::Dice;
use crate::trouble::Troubles;
use crate::world::{Phase, World, storms_for};

const STARTS_WITHIN: Duration = Duration::from_mins(1);
const STOPS_WITHIN: Duration = Duration::from_secs(20);
/// Includes the clients' back-off.
const RECOVERS_WITHIN: Duration = Duration::from_secs(20);
/// Polling interval.
const LOOK: Duration = Duration::from_millis(10);

/// Creates an account in a data folder that no server uses.
pub async fn add_account(binary: &Path, data: &Path, name: &str, password: &str) -> Result<()> {
    let mut program = Command::new(binary);
    program.args(["user", "add", name, "--data-dir"]).arg(data).env_clear();
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(format!("{password}\n").as_bytes()).await?;
    }
    let status = child.wait().await?;
    if !status.success() {
        bail!("the account {name} could not be created ({status})");
    }
    Ok(())
}

/// A `hiroba` process with one data folder, always at the same address.
pub struct Server {
    binary: PathBuf,
    folder: PathBuf,
    troubles: Troubles,
    pub address: SocketAddr,
    child: Option<Child>,
}

impl Server {
    /// Starts the server. Its log goes to `folder`, its data where `troubles` says.
    pub async fn start(binary: &Path, folder: &Path, troubles: Troubles) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr())?;
        let (binary, folder) = (binary.to_owned(), folder.to_owned());
        let mut server = Self { binary, folder, troubles, address, child: None };
        server.run().await?;
        Ok(server)
    }

    pub fn log_file(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// The server's SQLite file.
    pub fn database(&self) -> PathBuf {
        self.troubles.data().join("hiroba.db")
    }

    async fn run(&mut self) -> Result<()> {
        let log: File = OpenOptions::new().create(true).append(true).open(self.log_file())?;
        let mut program = Command::new(&self.binary);
        program
            .args(["--listen", &self.address.to_string(), "--rate-limits", "off"])
            .arg("--data-dir")
            .arg(self.troubles.data())
            .current_dir(&self.folder)
            .env_clear()
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true);
        self.troubles.give_clock(&mut program);
        let child = program.spawn().with_context(|| format!("cannot start {}", self.binary.display()))?;
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

    /// Sends SIGKILL (`kill -9`).
    async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended by itself ({status})");
            }
            child.kill().await?;
        }
        Ok(())
    }

    /// Sends SIGTERM and waits for the exit.
    ///
    /// # Errors
    /// The server does not stop in time, or exits with an error.
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

    /// Injects faults, kills and restarts the server until the storm is over. Returns it running.
    pub async fn torment(mut self, world: Arc<World>, mut dice: Dice) -> Result<Self> {
        let mut phase = world.phase.subscribe();
        while self.live(&world, &mut phase, &mut dice).await? {
            let begun = Instant::now();
            if dice.percent(30) {
                storms_for(&mut phase, dice.millis(0, 1_500)).await;
            }
            self.run().await?;
            world.numbers.longest_restart.raise(begun.elapsed().as_millis() as u64);
        }
        self.troubles.end()?;
        Ok(self)
    }

    /// One life of the server: a fault somewhere in it, and an exit, perhaps in the middle of the fault. Returns false,
    /// with the server running, once the storm is over.
    async fn live(&mut self, world: &World, phase: &mut Receiver<Phase>, dice: &mut Dice) -> Result<bool> {
        let life = dice.millis(2_000, 1_000 * world.settings.lifetime);
        let early = life.mul_f64(dice.below(100) as f64 / 100.0);
        if !storms_for(phase, early).await {
            return Ok(false);
        }
        let (mut trouble, lasts) = self.troubles.begin(dice).await?;
        if !storms_for(phase, lasts).await {
            return Ok(false);
        }
        if trouble.is_none() || !dice.percent(35) {
            if trouble.take().is_some() {
                stores_again(world, phase).await;
            }
            if !storms_for(phase, life.saturating_sub(early)).await {
                return Ok(false);
            }
            if dice.percent(12) {
                self.stop().await?;
                world.numbers.stops.add();
                return Ok(true);
            }
        }
        self.kill().await?;
        world.numbers.kills.add();
        Ok(true)
    }
}

/// Waits until writes succeed again after a fault: the server has to recover without a restart.
async fn stores_again(world: &World, phase: &mut Receiver<Phase>) {
    let stored = || world.numbers.acked_messages.get() + world.numbers.acked_changes.get();
    let (before, begun) = (stored(), Instant::now());
    while stored() == before && storms_for(phase, LOOK).await {
        if begun.elapsed() > RECOVERS_WITHIN {
            world.complaints.add(format!("nothing is stored {RECOVERS_WITHIN:?} after the trouble was over"));
            return;
        }
    }
}
