//! A server started for one run.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::timeout;

use super::peers::Peer;
use crate::client::{Connection, Route};
use crate::cores::Cores;
use crate::dialect::Dialect;
use crate::endpoint::Endpoint;
use crate::process::Process;
use crate::scenario::Target;

/// Start timeout.
const START: Duration = Duration::from_secs(15);
/// Grace period before the server is killed.
const STOP: Duration = Duration::from_secs(10);
/// Mean size of Hiroba's deliveries on the wire, with `client_message_id`; those of the peers are padded to it.
const DELIVERY_BYTES: usize = 316;

/// A running server with a port and a folder of its own, both released on drop.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    folder: PathBuf,
    target: Target,
    binary: Option<PathBuf>,
    /// From the start of the program to the first WebSocket.
    pub seconds_to_answer: f64,
}

impl Serving {
    /// Starts the server on its core and waits until it accepts a WebSocket.
    ///
    /// # Errors
    /// The server did not start; the error quotes the end of its output.
    pub fn start(peer: &Peer, cores: Cores, scratch: &Path) -> Result<Self> {
        let port = free_port()?;
        let folder = scratch.join(format!("{}-{port}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let folder = folder.canonicalize()?;
        let log = folder.join("log");
        let mut command: Command = (peer.command)(port, &folder)?;
        command
            .stdin(Stdio::null())
            .stdout(File::create(&log)?)
            .stderr(File::options().append(true).open(&log)?);
        let started = Instant::now();
        let child =
            cores.on_servers(|| command.spawn().with_context(|| format!("cannot start {}", peer.name())))?;
        let target = Target {
            url: format!("ws://127.0.0.1:{port}{}", peer.path),
            dialect: peer.dialect,
            server_pid: Some(child.id()),
            no_client_ids: false,
            delivery_bytes: (peer.dialect != Dialect::Hiroba).then_some(DELIVERY_BYTES),
            json: false,
        };
        let mut this = Self { child, folder, target, binary: peer.binary.clone(), seconds_to_answer: 0.0 };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let endpoint = Endpoint::resolve(&this.target.url)?;
        let answers = || {
            let opening = Connection::open(&endpoint, peer.dialect.wire(), Route::default());
            runtime.block_on(async { matches!(timeout(START, opening).await, Ok(Ok(_))) })
        };
        while !answers() {
            if this.child.try_wait()?.is_some() || started.elapsed() > START {
                let said = fs::read_to_string(&log).unwrap_or_default();
                let end: Vec<&str> = said.lines().rev().take(5).collect();
                bail!(
                    "{} did not start: {}",
                    peer.name(),
                    end.into_iter().rev().collect::<Vec<_>>().join(" | ")
                );
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        this.seconds_to_answer = started.elapsed().as_secs_f64();
        Ok(this)
    }

    pub fn target(&self) -> Target {
        self.target.clone()
    }

    pub fn process(&self) -> Option<Process> {
        Process::with_id(self.child.id())
    }

    /// Size of the program in bytes, if it is a single file.
    pub fn binary_bytes(&self) -> Option<u64> {
        Some(fs::metadata(self.binary.as_ref()?).ok()?.len())
    }

    /// Sends SIGTERM and waits; a server that does not stop in time is killed on drop.
    pub fn stop(mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < STOP && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Returns a free port of 127.0.0.1.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
