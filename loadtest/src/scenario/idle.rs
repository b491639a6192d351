//! Many connections that are signed in and in a room, and then quiet: what does one cost?

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use shared::RoomAddress;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Target;
use crate::client::Connection;
use crate::descriptors;
use crate::endpoint::Endpoint;
use crate::process::{Footprint, Process};
use crate::progress::{Progress, grouped};
use crate::report::{Report, Verdict};

/// Connections that sign in at the same time.
const SIGN_INS: usize = 128;
/// Connections from one loopback address: far fewer than it has ports.
const PER_ADDRESS: u32 = 5_000;
/// How long the server may tidy up before its memory is read.
const SETTLE: Duration = Duration::from_secs(3);

/// What to hold.
#[derive(Debug, Clone, Args)]
pub struct Idle {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Connections to hold
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub connections: u32,
    /// Connections in one room
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub per_room: u32,
    /// Seconds to hold them
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub hold: u64,
}

impl Idle {
    /// Holds them and tells what they cost.
    ///
    /// # Errors
    /// The run could not be made: no server, too few descriptors here or there.
    pub fn run(&self) -> Result<IdleResult> {
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(self.hold())
    }

    async fn hold(&self) -> Result<IdleResult> {
        let (endpoint, process) = self.target.find()?;
        descriptors::allow(u64::from(self.connections))?;
        let footprint = || process.and_then(Process::footprint);
        // The first connection pays for what all share.
        self.connect(&endpoint, 0).await?.close().await;
        sleep(Duration::from_millis(500)).await;

        let before = footprint();
        let (stop, stopped) = watch::channel(false);
        let started = Instant::now();
        let holders = self.open(&endpoint, &stopped).await?;
        let seconds_to_connect = started.elapsed().as_secs_f64();
        sleep(SETTLE).await;
        let held = footprint();
        let cpu_before = process.and_then(Process::cpu_nanos);
        sleep(Duration::from_secs(self.hold)).await;
        let cpu_after = process.and_then(Process::cpu_nanos);

        stop.send_replace(true);
        let ends = holders.join_all().await;
        sleep(SETTLE).await;
        let cpu = cpu_before.zip(cpu_after).map(|(before, after)| after.saturating_sub(before) as f64 / 1e9);
        Ok(IdleResult {
            connections: self.connections,
            rooms: self.connections.div_ceil(self.per_room),
            seconds_to_connect,
            kib_each: before.zip(held).map(|(before, held)| self.each(before.rss_kib, held.rss_kib)),
            descriptors_each: before.zip(held).map(|(b, h)| self.each(b.descriptors, h.descriptors)),
            held_seconds: self.hold,
            cpu_share_while_held: cpu.map(|seconds| seconds / self.hold.max(1) as f64),
            disconnected: ends.iter().filter(|end| end.is_some()).count() as u64,
            disconnect_reason: ends.into_iter().flatten().next(),
            before,
            held,
            after: footprint(),
        })
    }

    fn each(&self, before: u64, held: u64) -> f64 {
        held.saturating_sub(before) as f64 / f64::from(self.connections)
    }

    async fn open(
        &self,
        endpoint: &Endpoint,
        stopped: &watch::Receiver<bool>,
    ) -> Result<JoinSet<Option<String>>> {
        let mut progress = Progress::new("connections", u64::from(self.connections));
        let mut signing_in = JoinSet::new();
        let mut holders = JoinSet::new();
        for index in 0..self.connections {
            if signing_in.len() >= SIGN_INS
                && let Some(connection) = signing_in.join_next().await
            {
                holders.spawn(hold(connection??, stopped.clone()));
                progress.show(holders.len() as u64);
            }
            let (idle, endpoint) = (self.clone(), endpoint.clone());
            signing_in.spawn(async move {
                let connected = idle.connect(&endpoint, index).await;
                connected.with_context(|| format!("connection {index} of {}", idle.connections))
            });
        }
        while let Some(connection) = signing_in.join_next().await {
            holders.spawn(hold(connection??, stopped.clone()));
        }
        progress.finish();
        Ok(holders)
    }

    async fn connect(&self, endpoint: &Endpoint, index: u32) -> Result<Connection> {
        let source = match endpoint.address.ip() {
            IpAddr::V4(address) if address.is_loopback() => {
                let [_, _, high, low] = (index / PER_ADDRESS + 2).to_be_bytes();
                Some(IpAddr::V4(Ipv4Addr::new(127, 0, high, low)))
            }
            _ => None,
        };
        let mut connection = Connection::open(endpoint, source).await?;
        connection.sign_in(&format!("idle-{index}")).await?;
        connection.join(&RoomAddress::new(&format!("idle-{}", index / self.per_room))?).await?;
        Ok(connection)
    }
}

/// Reads and answers pings until told to stop; tells why if the connection ended before.
async fn hold(mut connection: Connection, mut stop: watch::Receiver<bool>) -> Option<String> {
    loop {
        tokio::select! {
            _ = stop.wait_for(|&stop| stop) => break,
            result = connection.turn(|_| Ok(true)) => if let Err(error) = result {
                return Some(error.to_string());
            },
        }
    }
    connection.close().await;
    None
}

/// What idle connections cost; missing parts could not be seen.
#[derive(Debug, Serialize)]
pub struct IdleResult {
    connections: u32,
    rooms: u32,
    seconds_to_connect: f64,
    kib_each: Option<f64>,
    descriptors_each: Option<f64>,
    held_seconds: u64,
    cpu_share_while_held: Option<f64>,
    disconnected: u64,
    disconnect_reason: Option<String>,
    before: Option<Footprint>,
    held: Option<Footprint>,
    after: Option<Footprint>,
}

impl Report for IdleResult {
    fn rows(&self) -> Vec<(&'static str, String)> {
        let known =
            |value: Option<String>| value.unwrap_or_else(|| "server process not seen (--server-pid)".into());
        let footprint = |at: Option<Footprint>| {
            let text = |at: Footprint| {
                format!("{:.1} MiB, {} descriptors", at.rss_kib as f64 / 1024.0, grouped(at.descriptors))
            };
            known(at.map(text))
        };
        let mut rows =
            vec![
                (
                    "connections",
                    format!("{} in {} rooms", grouped(self.connections.into()), grouped(self.rooms.into())),
                ),
                ("time to connect all", format!("{:.2} s", self.seconds_to_connect)),
                ("memory each", known(self.kib_each.map(|kib| format!("{kib:.2} KiB")))),
                ("descriptors each", known(self.descriptors_each.map(|number| format!("{number:.2}")))),
                ("server before", footprint(self.before)),
                ("server with all", footprint(self.held)),
                ("server after", footprint(self.after)),
                (
                    "server CPU while idle",
                    known(self.cpu_share_while_held.map(|share| {
                        format!("{:.2} % of a core over {} s", share * 100.0, self.held_seconds)
                    })),
                ),
                ("disconnected", grouped(self.disconnected)),
            ];
        if let Some(reason) = &self.disconnect_reason {
            rows.push(("first reason", reason.clone()));
        }
        rows
    }

    fn verdict(&self) -> Verdict {
        if self.disconnected == 0 { Verdict::Passed } else { Verdict::Failed }
    }
}
