//! Every client posts to one room as fast as the server accepts, and every client receives everything.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use shared::RoomAddress;
use tokio::time::sleep;

use super::{Target, fresh_room, index, on_this_thread};
use crate::progress::Progress;
use crate::report::{Report, Row, Verdict};
use crate::stage::{Company, Meter, Outcome, Plan};

/// How long to wait for the events of joins before the start, and for duplicates after the end.
const SETTLE: Duration = Duration::from_millis(300);

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Burst {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Clients, all in one room
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub clients: u32,
    /// Messages that each client posts
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub messages: u32,
    /// Posts of one client that may be under way: it has not got them back
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    pub window: u32,
    /// The room; without it a new one
    #[arg(long)]
    pub room: Option<String>,
    /// Keeps within the rate limits that the server tells
    #[arg(long)]
    pub paced: bool,
    /// Seconds without any progress after which the run is given up
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub patience: u64,
    /// Seconds after which the run is given up in any case
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    pub limit: u64,
    /// Afterwards waits until Hiroba's search finds the last message
    #[arg(long)]
    pub search: bool,
}

impl Burst {
    /// Runs the scenario.
    ///
    /// # Errors
    /// The run could not be made: no server, rate limits without `--paced`, too few descriptors.
    pub fn run(&self) -> Result<BurstResult> {
        on_this_thread(self.play())
    }

    async fn play(&self) -> Result<BurstResult> {
        let (endpoint, process) = self.target.find(self.clients)?;
        let room = match &self.room {
            Some(name) => RoomAddress::new(name).context("--room")?.to_string(),
            None => fresh_room(),
        };
        let plan = Plan {
            room,
            rooms: 1,
            members: self.clients,
            stalled: 0,
            posters: self.clients,
            in_flight: self.window.saturating_mul(self.clients),
            limit: self.messages,
            paced: self.paced,
        };
        let stage = Rc::new(self.target.stage()?);
        stage.with_others.set(self.room.is_some());
        let company = Company::seat(&endpoint, stage.clone(), &plan).await?;
        sleep(SETTLE).await;

        let due = u64::from(self.clients) * u64::from(self.clients) * u64::from(self.messages);
        let mut progress = Progress::new("deliveries", due);
        let meter = Meter::start(&stage, process);
        company.open();
        let end = Instant::now() + Duration::from_secs(self.limit);
        let complete = company.settle(Duration::from_secs(self.patience), Some(end), &mut progress).await;
        let timed_out = !complete && Instant::now() >= end;
        progress.finish();
        let cost = meter.stop_at(&stage, stage.last.get());
        let search_caught_up_seconds = if self.search && complete {
            index::catch_up(&endpoint, &company, &plan.room).await?
        } else {
            None
        };
        sleep(SETTLE).await;
        company.shut();
        let (members, per_room) = company.close().await;
        let outcome = Outcome::new(&stage, &members, per_room, cost, process);
        Ok(BurstResult {
            messages_per_client: self.messages,
            window: self.window,
            room: plan.room,
            complete,
            timed_out,
            outcome,
            search_caught_up_seconds,
        })
    }
}

/// The result of a burst.
#[derive(Debug, Clone, Serialize)]
pub struct BurstResult {
    messages_per_client: u32,
    window: u32,
    room: String,
    /// Whether every client received everything.
    pub complete: bool,
    /// Whether the run reached its time limit while messages still arrived.
    pub timed_out: bool,
    /// The results that all runs have.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Seconds from the last delivery until the search found the last message, if that was requested.
    pub search_caught_up_seconds: Option<f64>,
}

impl Report for BurstResult {
    fn rows(&self) -> Vec<Row> {
        let mut rows = self.outcome.rows();
        if !self.complete {
            rows.insert(0, ("given up", "nothing came any more, or the time was over".to_owned()));
        }
        if let Some(seconds) = self.search_caught_up_seconds {
            rows.push(("search", format!("has the last message {seconds:.2} s after the last delivery")));
        }
        rows
    }

    fn verdict(&self) -> Verdict {
        self.outcome.verdict()
    }
}
