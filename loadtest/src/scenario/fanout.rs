//! One room: messages in flight, or a fixed rate, for a while.

use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::{Target, fresh_room, on_this_thread};
use crate::progress::Progress;
use crate::report::{Report, Row, Verdict};
use crate::stage::{Company, Cost, Meter, Outcome, Plan, Stage};

/// How long to wait for the events of joins before the start.
const SETTLE: Duration = Duration::from_millis(300);
/// How often posts that are due are made.
const TICK: Duration = Duration::from_millis(1);
/// The latency of a post that is later than this, in nanoseconds, counts from when it was due.
const LATE: u64 = 3_000_000;

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Fanout {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Clients, all in one room
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub members: u32,
    /// How it is driven
    #[command(flatten)]
    pub drive: Drive,
}

/// How rooms are driven.
#[derive(Debug, Clone, Args)]
pub struct Drive {
    /// Messages of a room under way at once: their senders have not got them back
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub in_flight: u32,
    /// Posts so many messages a second in all, instead of keeping them in flight
    #[arg(long, value_name = "PER SECOND")]
    pub rate: Option<f64>,
    /// Clients of a room that post; in flight it is one message for each
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub posters: Option<u32>,
    /// Seconds that are measured
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Seconds before that
    #[arg(long, default_value_t = 1.0, value_name = "SECONDS")]
    pub warm_up: f64,
    /// Seconds without any progress after which the run is given up
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub patience: u64,
}

impl Drive {
    /// Keeps messages in flight, with the defaults of the command line.
    pub fn in_flight(in_flight: u32, seconds: f64) -> Self {
        Self { in_flight, rate: None, posters: None, seconds, warm_up: 1.0, patience: 10 }
    }

    /// Posts `rate` messages per second.
    pub fn rate(rate: f64, seconds: f64) -> Self {
        Self { rate: Some(rate), ..Self::in_flight(16, seconds) }
    }

    /// Returns the plan for this drive.
    pub fn plan(&self, rooms: u32, members: u32) -> Plan {
        Plan {
            room: fresh_room(),
            rooms,
            members,
            stalled: 0,
            posters: self.posters.unwrap_or(self.in_flight),
            in_flight: self.in_flight,
            limit: u32::MAX,
            paced: false,
        }
    }

    /// Lets the clients post for the time and waits until everything has arrived. Returns the cost of the measured
    /// part.
    pub async fn play(&self, company: &Company, meter: impl Fn(&Stage) -> Meter) -> Cost {
        sleep(SETTLE).await;
        let stage = &company.stage;
        let seconds = self.seconds.clamp(0.05, 3_600.0);
        let (warm, measured) =
            (Duration::from_secs_f64(self.warm_up.clamp(0.0, 60.0)), Duration::from_secs_f64(seconds));
        let cost = async {
            sleep(warm).await;
            stage.measure_from_now();
            let meter = meter(stage);
            sleep(measured).await;
            stage.measure_until_now();
            meter.stop(stage)
        };
        let cost = match self.rate {
            None => {
                company.open();
                cost.await
            }
            Some(rate) => {
                tokio::select! {
                    cost = cost => cost,
                    never = post_at(company, rate.clamp(0.01, 10_000_000.0)) => match never {},
                }
            }
        };
        company.shut();
        let mut quiet = Progress::new("deliveries", 1);
        company.settle(Duration::from_secs(self.patience), None, &mut quiet).await;
        quiet.finish();
        cost
    }
}

/// Posts `rate` messages per second forever; the posters take turns.
async fn post_at(company: &Company, rate: f64) -> std::convert::Infallible {
    let posters: Vec<_> = company.members.iter().filter(|member| member.borrow().poster.is_some()).collect();
    let stage = &company.stage;
    let started = stage.now();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for (number, poster) in (0_u64..).zip(posters.iter().cycle()) {
        let due = started + (number as f64 * 1e9 / rate) as u64;
        while stage.now() < due {
            ticks.tick().await;
        }
        let now = stage.now();
        let at = if now - due > LATE { due } else { now };
        poster.borrow_mut().post_now(stage, at);
        if number.is_multiple_of(64) {
            // Lets the readers run even when everything is late.
            tokio::task::yield_now().await;
        }
    }
    std::future::pending().await
}

impl Fanout {
    /// Runs the scenario.
    ///
    /// # Errors
    /// The run could not be made: no server, rate limits, too few descriptors.
    pub fn run(&self) -> Result<FanoutResult> {
        on_this_thread(self.play())
    }

    /// Like [`Self::run`], inside a runtime.
    pub(super) async fn play(&self) -> Result<FanoutResult> {
        play(&self.target, &self.drive, 1, self.members).await
    }
}

/// Runs any number of rooms.
pub(super) async fn play(target: &Target, drive: &Drive, rooms: u32, members: u32) -> Result<FanoutResult> {
    let (endpoint, process) = target.find(rooms.saturating_mul(members))?;
    let stage = Rc::new(target.stage()?);
    let company = Company::seat(&endpoint, stage.clone(), &drive.plan(rooms, members)).await?;
    let cost = drive.play(&company, |stage| Meter::start(stage, process)).await;
    let (members, per_room) = company.close().await;
    let outcome = Outcome::new(&stage, &members, per_room, cost, process);
    Ok(FanoutResult { in_flight: drive.rate.is_none().then_some(drive.in_flight), rate: drive.rate, outcome })
}

/// The result of a fan-out.
#[derive(Debug, Clone, Serialize)]
pub struct FanoutResult {
    /// Messages in flight per room, unless a rate was kept.
    pub in_flight: Option<u32>,
    /// Requested messages per second.
    pub rate: Option<f64>,
    /// The results that all runs have.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Report for FanoutResult {
    fn rows(&self) -> Vec<Row> {
        let driven = match (self.in_flight, self.rate) {
            (_, Some(rate)) => format!("{rate} messages a second"),
            (in_flight, None) => format!("{} messages of a room in flight", in_flight.unwrap_or_default()),
        };
        [vec![("driven by", driven)], self.outcome.rows()].concat()
    }

    fn verdict(&self) -> Verdict {
        self.outcome.verdict()
    }
}
