//! What the load test can play, a file each.

pub mod burst;
pub mod idle;
mod player;

use anyhow::Result;
use clap::Args;

use crate::endpoint::Endpoint;
use crate::process::Process;

/// What every scenario asks for.
#[derive(Debug, Clone, Args)]
pub struct Target {
    /// The server's WebSocket address
    #[arg(long, default_value = "ws://127.0.0.1:8765/ws", value_name = "URL")]
    pub url: String,
    /// The server's process id; without it the process that listens on the port of a loopback address
    #[arg(long, value_name = "PID")]
    pub server_pid: Option<u32>,
    /// Prints JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

impl Target {
    /// Where the server is, and its process if it can be seen.
    ///
    /// # Errors
    /// An address that cannot be read, a process that is not there.
    pub fn find(&self) -> Result<(Endpoint, Option<Process>)> {
        let endpoint = Endpoint::resolve(&self.url)?;
        let process = match self.server_pid {
            Some(id) => Some(
                Process::with_id(id)
                    .ok_or_else(|| anyhow::anyhow!("--server-pid: there is no process {id}"))?,
            ),
            None => Process::listening_on(endpoint.address.ip(), endpoint.address.port()),
        };
        Ok((endpoint, process))
    }
}

/// The run cannot be made as asked; the text says what to do. The exit code is 2 then, not 1.
#[derive(Debug)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}
