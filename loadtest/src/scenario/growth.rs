//! What a delivery costs as rooms grow, in members and in stored messages.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use super::fanout::{Drive, play};
use super::{Target, fresh_room, on_this_thread};
use crate::plot::{Panel, Series, svg};
use crate::progress::{Progress, grouped};
use crate::report::{Report, Row, Verdict};
use crate::stage::{Company, Meter, Outcome, Plan};

/// Clients that fill a room with messages, and the posts of each that may be under way.
const FILLERS: u32 = 4;
const FILLING: u32 = 64;
/// How long filling may stand still.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Growth {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Sizes of rooms
    #[arg(long, value_delimiter = ',', default_value = "1,2,5,10,20,50,100,200,500,1000,2000")]
    pub sizes: Vec<u32>,
    /// Messages that a room has when it is measured
    #[arg(long, value_delimiter = ',', default_value = "10,100,1000,10000,50000")]
    pub stored: Vec<u64>,
    /// Clients in the room that is filled
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub members: u32,
    /// Seconds that are measured of each
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Writes a plot
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

impl Growth {
    /// Plays it and tells what each size cost.
    ///
    /// # Errors
    /// The run could not be made, or the plot not be written.
    pub fn run(&self) -> Result<GrowthResult> {
        let result = on_this_thread(self.play())?;
        if let Some(file) = &self.svg {
            std::fs::write(file, result.plot())
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(result)
    }

    async fn play(&self) -> Result<GrowthResult> {
        let drive = Drive { warm_up: 0.5, ..Drive::in_flight(16, self.seconds) };
        let mut by_members = Vec::new();
        for &size in self.sizes.iter().filter(|&&size| size > 0) {
            let outcome = play(&self.target, &drive, 1, size).await?.outcome;
            by_members.push(Point::new(u64::from(size), &outcome));
        }
        let mut by_stored = Vec::new();
        let room = fresh_room();
        let mut stored = 0;
        for &wanted in &self.stored {
            stored += self.fill(&room, wanted.saturating_sub(stored)).await?;
            let outcome = self.measure(&room, &drive).await?;
            by_stored.push(Point::new(stored, &outcome));
            stored += outcome.posts;
        }
        Ok(GrowthResult { in_flight: drive.in_flight, members: self.members, by_members, by_stored })
    }

    /// Posts about so many messages to the room; tells how many.
    async fn fill(&self, room: &str, messages: u64) -> Result<u64> {
        let each = u32::try_from(messages.div_ceil(u64::from(FILLERS)))?;
        let (endpoint, _) = self.target.find(FILLERS)?;
        let stage = Rc::new(self.target.stage()?);
        let plan = Plan {
            room: room.to_owned(),
            rooms: 1,
            members: FILLERS,
            stalled: 0,
            posters: FILLERS,
            in_flight: FILLERS * FILLING,
            limit: each,
            paced: false,
        };
        let company = Company::seat(&endpoint, stage, &plan).await?;
        company.open();
        let mut quiet = Progress::new("deliveries", 1);
        let filled = company.settle(PATIENCE, None, &mut quiet).await;
        quiet.finish();
        company.close().await;
        anyhow::ensure!(filled, "the room could not be filled");
        Ok(u64::from(each) * u64::from(FILLERS))
    }

    async fn measure(&self, room: &str, drive: &Drive) -> Result<Outcome> {
        let (endpoint, process) = self.target.find(self.members)?;
        let stage = Rc::new(self.target.stage()?);
        let plan = Plan { room: room.to_owned(), ..drive.plan(1, self.members) };
        let company = Company::seat(&endpoint, stage.clone(), &plan).await?;
        let cost = drive.play(&company, |stage| Meter::start(stage, process)).await;
        let (members, per_room) = company.close().await;
        Ok(Outcome::new(&stage, &members, per_room, cost, process))
    }
}

/// One size.
#[derive(Debug, Clone, Serialize)]
struct Point {
    /// Members, or stored messages.
    size: u64,
    deliveries_per_second: f64,
    server_cpu_micros_per_delivery: Option<f64>,
    p50_ms: f64,
    p99_ms: f64,
    load_share: Option<f64>,
    whole: bool,
}

impl Point {
    fn new(size: u64, outcome: &Outcome) -> Self {
        Self {
            size,
            deliveries_per_second: outcome.cost.deliveries_per_second,
            server_cpu_micros_per_delivery: outcome.cost.server_cpu_micros_per_delivery,
            p50_ms: outcome.p50_ms,
            p99_ms: outcome.p99_ms,
            load_share: outcome.cost.load_share,
            whole: outcome.verdict() == Verdict::Passed,
        }
    }

    fn text(&self) -> String {
        format!(
            "{:.2} µs CPU a delivery, {}/s, p50 {:.1} ms, p99 {:.1} ms",
            self.server_cpu_micros_per_delivery.unwrap_or(f64::NAN),
            grouped(self.deliveries_per_second as u64),
            self.p50_ms,
            self.p99_ms
        )
    }
}

/// The cost by size.
#[derive(Debug, Clone, Serialize)]
pub struct GrowthResult {
    in_flight: u32,
    /// Clients in the room that was filled.
    members: u32,
    by_members: Vec<Point>,
    by_stored: Vec<Point>,
}

impl GrowthResult {
    /// CPU per delivery over both sizes.
    pub fn plot(&self) -> String {
        let panel = |title: String, axis, points: &[Point]| {
            let cpu = points
                .iter()
                .filter_map(|point| Some((point.size as f64, point.server_cpu_micros_per_delivery?)))
                .collect();
            let p99 = points.iter().map(|point| (point.size as f64, point.p99_ms)).collect();
            let series = vec![
                Series { name: "server CPU, µs a delivery", points: cpu },
                Series { name: "p99, ms", points: p99 },
            ];
            Panel { title, axis, series }
        };
        svg(&[
            panel(format!("{} messages in flight", self.in_flight), "members of the room", &self.by_members),
            panel(format!("{} members", self.members), "messages stored in the room", &self.by_stored),
        ])
    }
}

impl Report for GrowthResult {
    fn rows(&self) -> Vec<Row> {
        let members =
            self.by_members.iter().map(|p| ("members", format!("{:>6}: {}", grouped(p.size), p.text())));
        let stored =
            self.by_stored.iter().map(|p| ("stored", format!("{:>6}: {}", grouped(p.size), p.text())));
        members.chain(stored).collect()
    }

    fn verdict(&self) -> Verdict {
        let whole = self.by_members.iter().chain(&self.by_stored).all(|point| point.whole);
        if whole { Verdict::Passed } else { Verdict::Failed }
    }
}
