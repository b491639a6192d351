//! All clients drop at once, messages are posted meanwhile, and all clients reconnect at once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use tokio::time::sleep;

use super::{Target, fresh_room, on_this_thread};
use crate::client::{Connection, Route};
use crate::dialect::{self, Returning};
use crate::endpoint::Endpoint;
use crate::measure::Histogram;
use crate::progress::Progress;
use crate::report::{Report, Row, Verdict, millis};
use crate::stage::{Company, Member, Meter, Outcome, Plan, Stage, attend};

/// How long to wait for the events of joins before the start.
const SETTLE: Duration = Duration::from_millis(300);
/// How long posts may take to reach all clients.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between messages that are posted during the reconnects.
const PAUSE: Duration = Duration::from_millis(20);

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Storm {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Clients that drop and come back; made up to whole rooms
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub clients: u32,
    /// Rooms; in each sits one more client, who stays and posts
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rooms: u32,
    /// Messages posted in each room while the others are away, where the dialect has a history
    #[arg(long, default_value_t = 2)]
    pub missed: u32,
    /// Messages posted in each room while the others come back, where the dialect has a history
    #[arg(long, default_value_t = 2)]
    pub meanwhile: u32,
    /// Seconds after which those who are not back are given up
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub limit: u64,
}

type Seated = Rc<RefCell<Member>>;

impl Storm {
    /// Runs the scenario.
    ///
    /// # Errors
    /// The run could not be made: no server, rate limits, too few descriptors.
    pub fn run(&self) -> Result<StormResult> {
        on_this_thread(self.play())
    }

    async fn play(&self) -> Result<StormResult> {
        let per_room = self.clients.div_ceil(self.rooms) + 1;
        let (endpoint, process) = self.target.find(self.rooms * per_room)?;
        let stage = Rc::new(self.target.stage()?);
        let plan = Plan {
            room: fresh_room(),
            rooms: self.rooms,
            members: per_room,
            stalled: 0,
            posters: 1,
            in_flight: 1,
            limit: u32::MAX,
            paced: false,
        };
        let mut company = Company::seat(&endpoint, stage.clone(), &plan).await?;
        sleep(SETTLE).await;
        let (stayers, leavers): (Vec<Seated>, Vec<Seated>) =
            company.members.iter().cloned().partition(|member| member.borrow().poster.is_some());
        // Gives every client a position of its own.
        say(&company, &stayers, 1).await;

        for member in &leavers {
            let mut member = member.borrow_mut();
            member.stalled = true;
            if let Some(connection) = member.connection.take() {
                connection.cut_off()?;
            }
        }
        let history = stage.dialect.has_history();
        if history {
            say(&company, &stayers, self.missed).await;
        }

        let meter = Meter::start(&stage, process);
        let started = stage.now();
        for (index, member) in company.members.iter().enumerate() {
            if member.borrow().poster.is_none() {
                let back = come_back(endpoint.clone(), stage.clone(), index as u32, member.clone());
                company.tasks.spawn_local(back);
            }
        }
        let end = Instant::now() + Duration::from_secs(self.limit);
        for _ in 0..if history { self.meanwhile } else { 0 } {
            for stayer in &stayers {
                stayer.borrow_mut().post_now(&stage, stage.now());
            }
            sleep(PAUSE).await;
        }
        while Instant::now() < end && leavers.iter().any(|member| waits(&member.borrow())) {
            sleep(Duration::from_millis(2)).await;
        }
        let cost = meter.stop(&stage);
        let mut quiet = Progress::new("deliveries", 1);
        company.settle(PATIENCE, None, &mut quiet).await;
        quiet.finish();

        let mut times = Histogram::default();
        let back: Vec<u64> = leavers.iter().filter_map(|member| member.borrow().caught_up_at).collect();
        for at in &back {
            times.record(at.saturating_sub(started));
        }
        let failures: BTreeSet<String> =
            leavers.iter().filter_map(|member| Some(member.borrow().broken.as_ref()?.why.clone())).collect();
        let not_back = (leavers.len() - back.len()) as u64;
        let strangers = leavers.iter().filter(|member| history && !member.borrow().resumed).count() as u64;
        drop((stayers, leavers));
        let (members, per_room) = company.close().await;
        let outcome = Outcome::new(&stage, &members, per_room, cost, process);
        Ok(StormResult {
            seconds: times.max() as f64 / 1e9,
            p50_ms: millis(times.quantile(0.5)),
            p99_ms: millis(times.quantile(0.99)),
            back: back.len() as u64,
            not_back,
            failures,
            strangers,
            missed_each: if history { self.missed } else { 0 },
            outcome,
        })
    }
}

/// Whether a client has not caught up yet but still may.
fn waits(member: &Member) -> bool {
    member.broken.is_none() && member.caught_up_at.is_none()
}

/// Lets the clients that stay post some messages, and waits until all connected clients have them.
async fn say(company: &Company, stayers: &[Seated], messages: u32) {
    for _ in 0..messages {
        for stayer in stayers {
            stayer.borrow_mut().post_now(&company.stage, company.stage.now());
        }
        let mut quiet = Progress::new("deliveries", 1);
        company.settle(PATIENCE, None, &mut quiet).await;
        quiet.finish();
    }
}

/// Reconnects and goes on reading.
async fn come_back(endpoint: Endpoint, stage: Rc<Stage>, index: u32, member: Seated) {
    match connect_again(&endpoint, &stage, index, &member).await {
        Ok(()) => attend(stage, member).await,
        Err(error) => member.borrow_mut().broken = Some(error.into()),
    }
}

/// Reconnects and requests what was missed.
async fn connect_again(endpoint: &Endpoint, stage: &Stage, index: u32, member: &Seated) -> Result<()> {
    let route = Route::nth(endpoint, index);
    let mut connection = Connection::open(endpoint, stage.dialect.wire(), route).await?;
    if !stage.dialect.has_history() {
        let room = member.borrow().room.clone();
        stage.dialect.enter(&mut connection, &format!("load-{index}"), &room).await?;
        member.borrow_mut().caught_up_at = Some(stage.now());
    }
    let mut member = member.borrow_mut();
    if stage.dialect.has_history() {
        let returning = Returning {
            session: member.seat.session.clone().context("no session was given")?,
            room: member.room.to_string(),
            epoch: member.seat.epoch.context("no epoch was told")?,
            seq: member.ledger.seq(),
        };
        dialect::come_back(&mut connection, returning)?;
    }
    member.come_back(connection);
    Ok(())
}

/// The result of a storm.
#[derive(Debug, Clone, Serialize)]
pub struct StormResult {
    /// From the first attempt until the last client was signed in and caught up.
    pub seconds: f64,
    p50_ms: f64,
    p99_ms: f64,
    back: u64,
    /// Clients that were not back in time.
    pub not_back: u64,
    /// Why they were not.
    failures: BTreeSet<String>,
    /// Clients whose session was not resumed.
    strangers: u64,
    /// Messages that each client missed.
    missed_each: u32,
    /// The results that all runs have.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Report for StormResult {
    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![
            ("back", format!("{} clients, each with {} missed messages", self.back, self.missed_each)),
            (
                "until caught up",
                format!(
                    "{:.3} s for the last, p50 {:.0} ms, p99 {:.0} ms",
                    self.seconds, self.p50_ms, self.p99_ms
                ),
            ),
            ("not back", self.not_back.to_string()),
            ("with another identity", self.strangers.to_string()),
        ];
        rows.extend(self.failures.iter().take(3).map(|why| ("why not", why.clone())));
        rows.extend(self.outcome.faults());
        rows.extend(self.outcome.resources());
        rows
    }

    fn verdict(&self) -> Verdict {
        let back = self.not_back == 0 && self.strangers == 0;
        if back { self.outcome.verdict() } else { Verdict::Failed }
    }
}
