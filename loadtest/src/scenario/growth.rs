//! Measures the cost of a delivery as rooms grow, in members and in stored messages.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Serialize;
use tokio::time::sleep;

use super::fanout::Drive;
use super::{Target, fresh_room, index, on_this_thread};
use crate::compare::figures::median;
use crate::plot::{Panel, Series, svg};
use crate::progress::{Progress, grouped};
use crate::report::{Report, Row, Verdict};
use crate::stage::{Company, Meter, Outcome, Plan, is_limited_here};

/// Messages in flight during a measurement.
const IN_FLIGHT: u32 = 16;
/// Clients that fill a room with messages, and the posts that each may have in flight.
const FILLERS: u32 = 4;
const FILLING: u32 = 64;
/// Messages measured in a filled room, the same number in each. As a rule they are through before the search index
/// begins with them; indexing is counted separately, with the searches that poll for it.
const MEASURED: u32 = 320;
/// How long to wait after joins before a measurement, so that they are also stored and seen by the index.
const SETTLE: Duration = Duration::from_millis(800);
/// How long posting may stall.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Growth {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Sizes of rooms
    #[arg(long, value_delimiter = ',', default_value = "1,2,5,10,20,50,100,200,500,1000,2000",
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub sizes: Vec<u32>,
    /// Messages that a room has when it is measured
    #[arg(long, value_delimiter = ',', default_value = "10,100,1000,10000,50000",
          value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub stored: Vec<u32>,
    /// Clients in the rooms that are filled
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub members: u32,
    /// Seconds that are measured of each size
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Seconds between filling and measuring, in which the disk takes what was filled
    #[arg(long, default_value_t = 3.0, value_name = "SECONDS")]
    pub rest: f64,
    /// Rooms of each stored size that are filled and measured in each turn
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub rooms: u32,
    /// Times that each size is measured, in turn; the median is told
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=25))]
    pub repeats: u32,
    /// Writes a plot, unless something went wrong
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

impl Growth {
    /// Runs the scenario and measures the cost of each size.
    ///
    /// # Errors
    /// The run could not be made, or the plot could not be written.
    pub fn run(&self) -> Result<GrowthResult> {
        let result = on_this_thread(self.play())?;
        if let Some(file) = &self.svg
            && result.verdict() == Verdict::Passed
        {
            std::fs::write(file, result.plot())
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(result)
    }

    async fn play(&self) -> Result<GrowthResult> {
        let (mut by_members, mut by_stored) = (Vec::new(), Vec::new());
        for repeat in 1..=self.repeats {
            eprintln!("run {repeat} of {}", self.repeats);
            for (at, &size) in self.sizes.iter().enumerate() {
                enter(&mut by_members, at, self.sit(room(fresh_room(), size, u32::MAX)).await?);
            }
            // In turn, so that drift of the machine affects all sizes alike.
            for _ in 0..self.rooms {
                for (at, &stored) in self.stored.iter().enumerate() {
                    let name = fresh_room();
                    let filled = self.sit(filling(name.clone(), stored)).await?;
                    ensure!(filled.outcome.verdict() == Verdict::Passed, "the room could not be filled");
                    sleep(Duration::from_secs_f64(self.rest)).await;
                    let limit = MEASURED.div_ceil(IN_FLIGHT.min(self.members));
                    enter(&mut by_stored, at, self.sit(room(name, self.members, limit)).await?);
                }
            }
        }
        let points = |sizes: &[u32], sittings: &[Vec<Sitting>]| {
            sizes.iter().zip(sittings).map(|(&size, sittings)| Point::new(size, sittings)).collect()
        };
        Ok(GrowthResult {
            members: self.members,
            by_members: points(&self.sizes, &by_members),
            by_stored: points(&self.stored, &by_stored),
        })
    }

    /// Runs one room for the time, or until each poster has made its posts. Then waits for the search index, so that
    /// its work is not charged to another room.
    async fn sit(&self, plan: Plan) -> Result<Sitting> {
        let (endpoint, process) = self.target.find(plan.members)?;
        let stage = Rc::new(self.target.stage()?);
        let company = Company::seat(&endpoint, stage.clone(), &plan).await?;
        sleep(SETTLE).await;
        let meter = Meter::start(&stage, process);
        let cost = if plan.limit == u32::MAX {
            let drive = Drive { warm_up: 0.5, ..Drive::in_flight(plan.in_flight, self.seconds) };
            drive.play(&company, |stage| Meter::start(stage, process)).await
        } else {
            company.open();
            let mut quiet = Progress::new("deliveries", 1);
            company.settle(PATIENCE, None, &mut quiet).await;
            quiet.finish();
            meter.stop_at(&stage, stage.last.get())
        };
        index::catch_up(&endpoint, &company, &plan.room).await?;
        let indexed_micros_per_delivery = meter.stop(&stage).server_cpu_micros_per_delivery;
        let (members, per_room) = company.close().await;
        let outcome = Outcome::new(&stage, &members, per_room, cost, process);
        Ok(Sitting { outcome, indexed_micros_per_delivery })
    }
}

/// Plans a room of `members` in which each poster posts `limit` times.
fn room(room: String, members: u32, limit: u32) -> Plan {
    Plan {
        room,
        rooms: 1,
        members,
        stalled: 0,
        posters: IN_FLIGHT,
        in_flight: IN_FLIGHT,
        limit,
        paced: false,
    }
}

/// Plans a few clients that post `messages` messages between them.
fn filling(room: String, messages: u32) -> Plan {
    let fillers = (1..=FILLERS).rev().find(|fillers| messages.is_multiple_of(*fillers)).unwrap_or(1);
    Plan {
        room,
        rooms: 1,
        members: fillers,
        stalled: 0,
        posters: fillers,
        in_flight: fillers * FILLING,
        limit: messages / fillers,
        paced: false,
    }
}

/// The measurement of one room.
struct Sitting {
    outcome: Outcome,
    /// CPU time of the server until everything was indexed, in microseconds per delivery of the whole run.
    indexed_micros_per_delivery: Option<f64>,
}

fn enter(sittings: &mut Vec<Vec<Sitting>>, at: usize, sitting: Sitting) {
    if sittings.len() <= at {
        sittings.resize_with(at + 1, Vec::new);
    }
    sittings[at].push(sitting);
}

/// The results for one size.
#[derive(Debug, Clone, Serialize)]
struct Point {
    /// Number of members, or of stored messages.
    size: u32,
    deliveries_per_second: f64,
    server_cpu_micros_per_delivery: Option<f64>,
    indexed_micros_per_delivery: Option<f64>,
    p50_ms: f64,
    p99_ms: f64,
    load_share: Option<f64>,
    whole: bool,
}

impl Point {
    /// Takes the medians of `sittings`.
    fn new(size: u32, sittings: &[Sitting]) -> Self {
        let outcomes = || sittings.iter().map(|sitting| &sitting.outcome);
        let of = |figure: fn(&Outcome) -> Option<f64>| median(outcomes().filter_map(figure).collect());
        let indexed = sittings.iter().filter_map(|sitting| sitting.indexed_micros_per_delivery);
        Self {
            size,
            deliveries_per_second: of(|o| Some(o.cost.deliveries_per_second)).unwrap_or_default(),
            server_cpu_micros_per_delivery: of(|o| o.cost.server_cpu_micros_per_delivery),
            indexed_micros_per_delivery: median(indexed.collect()),
            p50_ms: of(|o| Some(o.p50_ms)).unwrap_or_default(),
            p99_ms: of(|o| Some(o.p99_ms)).unwrap_or_default(),
            load_share: of(|o| o.cost.load_share),
            whole: outcomes().all(|outcome| outcome.verdict() == Verdict::Passed),
        }
    }

    fn text(&self) -> String {
        format!(
            "{:.2} µs CPU a delivery, {:.2} with indexing, {}/s, p50 {:.1} ms, p99 {:.1} ms{}{}",
            self.server_cpu_micros_per_delivery.unwrap_or(f64::NAN),
            self.indexed_micros_per_delivery.unwrap_or(f64::NAN),
            grouped(self.deliveries_per_second as u64),
            self.p50_ms,
            self.p99_ms,
            if is_limited_here(self.load_share) { ", limited by the load test" } else { "" },
            if self.whole { "" } else { ", something was lost, doubled or wrong" }
        )
    }
}

/// The cost by size.
#[derive(Debug, Clone, Serialize)]
pub struct GrowthResult {
    /// Clients in the filled rooms.
    members: u32,
    by_members: Vec<Point>,
    by_stored: Vec<Point>,
}

impl GrowthResult {
    /// Plots the CPU time per delivery over both sizes.
    pub fn plot(&self) -> String {
        // A filled room grows while it is measured; it is plotted at its mean size.
        let panel = |title: String, axis, points: &[Point], growth: u32| {
            let series = |name, figure: fn(&Point) -> Option<f64>| {
                let place = |point: &Point| Some((f64::from(point.size + growth / 2), figure(point)?));
                Series { name, points: points.iter().filter_map(place).collect() }
            };
            let series = vec![
                series("CPU, µs a delivery", |point| point.server_cpu_micros_per_delivery),
                series("with indexing", |point| point.indexed_micros_per_delivery),
                series("p99, ms", |point| Some(point.p99_ms)),
            ];
            Panel { title, axis, series }
        };
        let members = format!("{} members, {IN_FLIGHT} messages in flight", self.members);
        svg(&[
            panel(format!("{IN_FLIGHT} messages in flight"), "members of the room", &self.by_members, 0),
            panel(members, "messages stored in the room", &self.by_stored, MEASURED),
        ])
    }
}

impl Report for GrowthResult {
    fn rows(&self) -> Vec<Row> {
        let members = self
            .by_members
            .iter()
            .map(|p| ("members", format!("{:>6}: {}", grouped(p.size.into()), p.text())));
        let stored =
            self.by_stored.iter().map(|p| ("stored", format!("{:>6}: {}", grouped(p.size.into()), p.text())));
        members.chain(stored).collect()
    }

    fn verdict(&self) -> Verdict {
        let whole = self.by_members.iter().chain(&self.by_stored).all(|point| point.whole);
        if whole { Verdict::Passed } else { Verdict::Failed }
    }
}
