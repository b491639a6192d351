//! The scenarios of the load test, one file each.

pub mod bare;
pub mod burst;
pub mod ceiling;
pub mod fanout;
pub mod growth;
pub mod idle;
mod index;
pub mod rooms;
pub mod sign_ins;
pub mod slow;
pub mod storm;

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use clap::Args;

use crate::descriptors;
use crate::dialect::Dialect;
use crate::endpoint::Endpoint;
use crate::process::Process;
use crate::stage::Stage;

/// What every scenario asks for.
#[derive(Debug, Clone, Args)]
pub struct Target {
    /// The server's WebSocket address
    #[arg(long, default_value = "ws://127.0.0.1:8765/ws", value_name = "URL")]
    pub url: String,
    /// The language it is spoken to in
    #[arg(long, value_enum, default_value_t = Dialect::Hiroba)]
    pub dialect: Dialect,
    /// The server's process id; without it the process that listens on the port of a loopback address
    #[arg(long, value_name = "PID")]
    pub server_pid: Option<u32>,
    /// Posts without `client_message_id`: deliveries of about 256 instead of 310 bytes
    #[arg(long)]
    pub no_client_ids: bool,
    /// Fills texts up so that a delivery has about this size; 0 takes them as they are [default: 256, for Hiroba 0]
    #[arg(long, value_name = "BYTES")]
    pub delivery_bytes: Option<usize>,
    /// Prints JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

impl Target {
    /// Returns the server's endpoint, and its process if it is visible. Makes sure that `connections` may be open here.
    ///
    /// # Errors
    /// The URL is invalid, there is no such process, or too few descriptors are allowed.
    pub fn find(&self, connections: u32) -> Result<(Endpoint, Option<Process>)> {
        let endpoint = Endpoint::resolve(&self.url)?;
        descriptors::allow(u64::from(connections))?;
        let process = match self.server_pid {
            Some(id) => Some(
                Process::with_id(id)
                    .ok_or_else(|| anyhow::anyhow!("--server-pid: there is no process {id}"))?,
            ),
            None => Process::listening_on(endpoint.address.ip(), endpoint.address.port()),
        };
        Ok((endpoint, process))
    }

    /// Creates an empty stage for the dialect.
    ///
    /// # Errors
    /// None in practice.
    pub fn stage(&self) -> Result<Stage> {
        let bytes = self.delivery_bytes.unwrap_or(if self.dialect == Dialect::Hiroba { 0 } else { 256 });
        Stage::new(self.dialect, !self.no_client_ids, (bytes > 0).then_some(bytes))
    }
}

/// Returns a room name that no run of this or another process has used.
fn fresh_room() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("load-{:x}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Runs a scenario on this thread.
fn on_this_thread<T>(play: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, play)
}

/// The run cannot be made as requested; the text says what to do. The exit code is then 2, not 1.
#[derive(Debug)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}
