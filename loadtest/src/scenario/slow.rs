//! Some readers of a room stall: measures the effect on the others, and what the server buffers for the stalled ones.

use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::fanout::Drive;
use super::{Target, on_this_thread};
use crate::client::Connection;
use crate::process::Process;
use crate::progress::grouped;
use crate::report::{Report, Row, Verdict};
use crate::stage::{Break, Company, Meter, Outcome, Plan};

/// How long a stalled reader, reading again, waits for the end of its connection.
const LOOK: Duration = Duration::from_secs(5);

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Slow {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Clients, all in one room
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub members: u32,
    /// Of them those that stop reading; their kernel keeps 4 KiB for them
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub stalled: u32,
    /// Messages under way at once: their senders have not got them back
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub in_flight: u32,
    /// Seconds of each of the two runs
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Seconds without any progress after which the run is given up
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub patience: u64,
}

impl Slow {
    /// Runs without and with stalled readers, to compare them.
    ///
    /// # Errors
    /// The run could not be made: no server, rate limits, too few descriptors.
    pub fn run(&self) -> Result<SlowResult> {
        on_this_thread(async {
            let (without, _) = self.play(0).await?;
            let (with, ends) = self.play(self.stalled.min(self.members - 1)).await?;
            Ok(SlowResult {
                stalled: ends.len(),
                stalled_closed: ends.iter().flatten().filter(|end| end.by_server).count(),
                ends: ends.into_iter().map(|end| Some(end?.why)).collect(),
                without,
                with,
            })
        })
    }

    async fn play(&self, stalled: u32) -> Result<(Outcome, Vec<Option<Break>>)> {
        let (endpoint, process) = self.target.find(self.members)?;
        let stage = Rc::new(self.target.stage()?);
        let drive = Drive { patience: self.patience, ..Drive::in_flight(self.in_flight, self.seconds) };
        let plan = Plan { stalled, ..drive.plan(1, self.members) };
        let company = Company::seat(&endpoint, stage.clone(), &plan).await?;
        if let Some(process) = process {
            process.forget_peak();
        }
        company.stall(stalled);
        let cost = drive.play(&company, |stage| Meter::start(stage, process)).await;
        let peak = process.and_then(Process::footprint);
        let (mut members, per_room) = company.close().await;
        let mut outcome = Outcome::new(&stage, &members, per_room, cost, process);
        outcome.server = peak;
        let mut looks = JoinSet::new();
        for member in members.iter_mut().filter(|member| member.stalled) {
            let (told, connection) = (member.broken.take(), member.connection.take());
            looks.spawn_local(async move {
                match (told, connection) {
                    (Some(why), _) => Some(why),
                    (None, Some(connection)) => end(connection).await,
                    (None, None) => None,
                }
            });
        }
        Ok((outcome, looks.join_all().await))
    }
}

/// Reads on until the connection ends; none if it stays open.
async fn end(mut connection: Connection) -> Option<Break> {
    let read_on = async {
        loop {
            if let Err(error) = connection.turn(|_| Ok(true)).await {
                return error.into();
            }
        }
    };
    timeout(LOOK, read_on).await.ok()
}

/// The results of both runs.
#[derive(Debug, Clone, Serialize)]
pub struct SlowResult {
    stalled: usize,
    /// Stalled readers whose connection the server ended.
    pub stalled_closed: usize,
    /// How each of the connections ended.
    ends: Vec<Option<String>>,
    /// Without stalled readers.
    pub without: Outcome,
    /// With stalled readers; the figures are those of the others.
    pub with: Outcome,
}

impl Report for SlowResult {
    fn rows(&self) -> Vec<Row> {
        let side = |outcome: &Outcome| {
            format!(
                "{} deliveries/s, p50 {:.1} ms, p99 {:.1} ms",
                grouped(outcome.cost.deliveries_per_second as u64),
                outcome.p50_ms,
                outcome.p99_ms
            )
        };
        let peak = |outcome: &Outcome| {
            outcome.server.map_or("not seen".to_owned(), |server| {
                format!("{:.1} MiB", server.peak_rss_kib as f64 / 1024.0)
            })
        };
        let mut rows = vec![
            ("without stalled readers", side(&self.without)),
            ("peak memory without", peak(&self.without)),
            ("with them, to the rest", side(&self.with)),
            ("peak memory with", peak(&self.with)),
            (
                "stalled readers",
                format!("{}, of which the server closed {}", self.stalled, self.stalled_closed),
            ),
        ];
        rows.extend(self.ends.iter().flatten().take(1).map(|end| ("how, the first", end.clone())));
        rows.extend(self.with.rows());
        rows
    }

    fn verdict(&self) -> Verdict {
        if self.without.verdict() == Verdict::Passed { self.with.verdict() } else { Verdict::Failed }
    }
}
