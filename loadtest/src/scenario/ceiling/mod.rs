//! Finds the highest rate that a room of this size sustains at an acceptable latency.

mod climb;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use self::climb::Climb;
use super::fanout::{Drive, play};
use super::{Target, on_this_thread};
use crate::progress::grouped;
use crate::report::{Report, Row, Verdict};
use crate::stage::is_limited_here;

/// A rate counts as sustained if this share of it was delivered in time.
const KEPT: f64 = 0.95;

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Ceiling {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Clients, all in one room
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub members: u32,
    /// Clients that post, taking turns
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..))]
    pub posters: u32,
    /// Latency that 99 of 100 deliveries must keep, in milliseconds
    #[arg(long, default_value_t = 100.0, value_name = "MILLISECONDS")]
    pub p99: f64,
    /// Seconds of a step
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    pub seconds: f64,
}

impl Ceiling {
    /// Raises the rate until it is too high, then bisects.
    ///
    /// # Errors
    /// The run could not be made: no server, rate limits, too few descriptors.
    pub fn run(&self) -> Result<CeilingResult> {
        on_this_thread(self.play())
    }

    async fn play(&self) -> Result<CeilingResult> {
        let probe = Drive { posters: Some(self.posters), warm_up: 0.5, ..Drive::in_flight(16, 1.0) };
        let probe = play(&self.target, &probe, 1, self.members).await?;
        let mut steps = Vec::new();
        let mut climb = Climb::from(probe.outcome.cost.deliveries_per_second, f64::from(self.members));
        while let Some(rate) = climb.next() {
            let step = self.step(rate).await?;
            climb.tell(step.borne, step.is_limited_here());
            steps.push(step);
        }
        let best =
            steps.iter().filter(|step| step.borne).map(|step| step.deliveries_per_second).fold(0.0, f64::max);
        // A rate may have been too high for the load test only.
        let found = steps.iter().any(|step| !step.borne && !step.is_limited_here());
        let load_share = steps.iter().filter_map(|step| step.load_share).fold(0.0, f64::max);
        let faults = steps.iter().filter(|step| step.wrong).count();
        Ok(CeilingResult {
            members: self.members,
            p99_ms: self.p99,
            deliveries_per_second: best,
            found,
            load_share,
            steps,
            faults,
        })
    }

    /// Tries one rate, in deliveries per second.
    async fn step(&self, rate: f64) -> Result<Step> {
        let messages = rate / f64::from(self.members);
        let drive =
            Drive { posters: Some(self.posters), warm_up: 0.7, ..Drive::rate(messages, self.seconds) };
        let outcome = play(&self.target, &drive, 1, self.members).await?.outcome;
        let reached = outcome.cost.deliveries_per_second;
        let whole = outcome.verdict() == Verdict::Passed;
        // A slow consumer that is disconnected may have missed something, and a server without an order cannot tell
        // what it dropped; but no client may get anything twice, in another order, or that nobody posted.
        let may_miss =
            outcome.disconnected > 0 || !outcome.refused.is_empty() || !self.target.dialect.has_order();
        let of_order = outcome.duplicates + outcome.out_of_order + outcome.acks_doubled + outcome.acks_wrong;
        let twisted = of_order + outcome.garbled + outcome.foreign > 0;
        let wrong = twisted || (!whole && !may_miss);
        let borne =
            whole && outcome.latency_samples > 0 && outcome.p99_ms <= self.p99 && reached >= rate * KEPT;
        Ok(Step {
            asked: rate,
            deliveries_per_second: reached,
            p99_ms: outcome.p99_ms,
            lost: outcome.lost,
            disconnected: outcome.disconnected,
            server_cpu_micros_per_delivery: outcome.cost.server_cpu_micros_per_delivery,
            load_share: outcome.cost.load_share,
            borne,
            wrong,
        })
    }
}

/// A rate that was tried.
#[derive(Debug, Clone, Serialize)]
struct Step {
    /// Requested deliveries per second.
    asked: f64,
    deliveries_per_second: f64,
    p99_ms: f64,
    lost: u64,
    disconnected: u64,
    server_cpu_micros_per_delivery: Option<f64>,
    load_share: Option<f64>,
    borne: bool,
    /// Something was duplicated, out of order or altered, or lost although nobody was disconnected.
    wrong: bool,
}

impl Step {
    fn is_limited_here(&self) -> bool {
        // Higher rates would say nothing more about the server.
        is_limited_here(self.load_share)
    }
}

/// The result of the search.
#[derive(Debug, Clone, Serialize)]
pub struct CeilingResult {
    members: u32,
    p99_ms: f64,
    /// Deliveries per second at the highest sustained rate.
    pub deliveries_per_second: f64,
    /// Whether some rate was too high for the server; otherwise it may sustain more than could be posted.
    found: bool,
    /// Largest share of a core that the load test used.
    pub load_share: f64,
    steps: Vec<Step>,
    faults: usize,
}

impl Report for CeilingResult {
    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self
            .steps
            .iter()
            .map(|step| {
                let verdict = if step.borne { "" } else { ", too much" };
                let text = format!(
                    "{}/s asked, {}/s came, p99 {:.1} ms, {} lost, {} disconnected, load at {:.0} %{verdict}",
                    grouped(step.asked as u64),
                    grouped(step.deliveries_per_second as u64),
                    step.p99_ms,
                    grouped(step.lost),
                    step.disconnected,
                    step.load_share.unwrap_or_default() * 100.0
                );
                ("step", text)
            })
            .collect();
        let bound = if self.found { "" } else { ", and more than this load test can put on it" };
        rows.push((
            "highest rate",
            format!(
                "{} deliveries/s to {} with p99 at most {} ms{bound}",
                grouped(self.deliveries_per_second as u64),
                self.members,
                self.p99_ms
            ),
        ));
        rows
    }

    fn verdict(&self) -> Verdict {
        if self.faults == 0 { Verdict::Passed } else { Verdict::Failed }
    }
}
