//! Many connections that are signed in and in a room, then idle: measures the cost of each, and of a message that goes
//! to all of them.

use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use tokio::time::sleep;

use super::{Target, fresh_room, on_this_thread};
use crate::client::{Connection, Route};
use crate::process::{Footprint, Process};
use crate::progress::{Progress, grouped};
use crate::report::{Report, Row, Verdict};
use crate::stage::{Company, Meter, Outcome, Plan};

/// How long the server may clean up before its memory is read.
const SETTLE: Duration = Duration::from_secs(2);
/// The pause after each message.
const PAUSE: Duration = Duration::from_millis(200);

/// What to hold.
#[derive(Debug, Clone, Args)]
pub struct Idle {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Connections to hold; made up to whole rooms
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub connections: u32,
    /// Connections in one room
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub per_room: u32,
    /// All in one room
    #[arg(long)]
    pub one_room: bool,
    /// Seconds to hold them
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub hold: u64,
    /// Messages that are then posted to the first room, one after the other
    #[arg(long, default_value_t = 0)]
    pub messages: u32,
    /// Seconds that a message may take to reach all
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub patience: u64,
}

impl Idle {
    /// Holds the connections and measures their cost.
    ///
    /// # Errors
    /// The run could not be made: no server, too few descriptors here or there.
    pub fn run(&self) -> Result<IdleResult> {
        on_this_thread(self.play())
    }

    async fn play(&self) -> Result<IdleResult> {
        let members = if self.one_room { self.connections } else { self.per_room.min(self.connections) };
        let rooms = self.connections.div_ceil(members);
        let connections = rooms * members;
        let (endpoint, process) = self.target.find(connections)?;
        let footprint = || process.and_then(Process::footprint);
        // The first connection pays for everything that is shared.
        let mut first = Connection::open(&endpoint, self.target.dialect.wire(), Route::default()).await?;
        self.target.dialect.enter(&mut first, "idle-first", &fresh_room()).await?;
        first.close().await;
        sleep(Duration::from_millis(500)).await;

        let before = footprint();
        let stage = Rc::new(self.target.stage()?);
        let plan = Plan {
            room: fresh_room(),
            rooms,
            members,
            stalled: 0,
            posters: 1,
            in_flight: 1,
            limit: u32::MAX,
            paced: false,
        };
        let connecting = stage.now();
        let company = Company::seat(&endpoint, stage.clone(), &plan).await?;
        let seconds_to_connect = (stage.now() - connecting) as f64 / 1e9;
        sleep(SETTLE).await;
        let held = footprint();
        let meter = Meter::start(&stage, process);
        sleep(Duration::from_secs(self.hold)).await;
        let quiet = meter.stop(&stage);
        let spread = self.spread(&company, process).await;

        let (members, per_room) = company.close().await;
        let outcome = Outcome::new(&stage, &members, per_room, quiet, process);
        drop(members);
        sleep(SETTLE).await;
        let each = |before: u64, held: u64| held.saturating_sub(before) as f64 / f64::from(connections);
        Ok(IdleResult {
            connections,
            rooms,
            seconds_to_connect,
            kib_each: before.zip(held).map(|(before, held)| each(before.rss_kib, held.rss_kib)),
            descriptors_each: before.zip(held).map(|(b, h)| each(b.descriptors, h.descriptors)),
            held_seconds: self.hold,
            cpu_share_while_held: quiet.server_cpu_seconds.map(|cpu| cpu / quiet.seconds),
            spread,
            before,
            held,
            after: footprint(),
            outcome,
        })
    }

    /// Posts to the first room, one message at a time.
    async fn spread(&self, company: &Company, process: Option<Process>) -> Option<Spread> {
        let stage = &company.stage;
        let poster = company.members.iter().find(|member| member.borrow().poster.is_some())?;
        let mut spread = Spread::default();
        for _ in 0..self.messages {
            let meter = Meter::start(stage, process);
            let at = stage.now();
            poster.borrow_mut().post_now(stage, at);
            let mut quiet = Progress::new("deliveries", 1);
            let complete = company.settle(Duration::from_secs(self.patience), None, &mut quiet).await;
            quiet.finish();
            let cost = meter.stop(stage);
            spread.messages += 1;
            spread.deliveries += cost.deliveries;
            spread.millis_to_last.push((stage.last.get().saturating_sub(at)) as f64 / 1e6);
            spread.server_cpu_millis.extend(cost.server_cpu_seconds.map(|seconds| seconds * 1e3));
            if !complete {
                break;
            }
            sleep(PAUSE).await;
        }
        (spread.messages > 0).then_some(spread)
    }
}

/// The cost of messages to everybody in one room.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Spread {
    messages: u32,
    deliveries: u64,
    /// By message, until the last client had it.
    millis_to_last: Vec<f64>,
    /// By message, if the server's process is visible.
    server_cpu_millis: Vec<f64>,
}

/// The cost of idle connections; what could not be measured is none.
#[derive(Debug, Clone, Serialize)]
pub struct IdleResult {
    connections: u32,
    rooms: u32,
    seconds_to_connect: f64,
    /// Resident memory of the server per connection, in KiB.
    pub kib_each: Option<f64>,
    descriptors_each: Option<f64>,
    held_seconds: u64,
    cpu_share_while_held: Option<f64>,
    spread: Option<Spread>,
    before: Option<Footprint>,
    held: Option<Footprint>,
    after: Option<Footprint>,
    outcome: Outcome,
}

impl Report for IdleResult {
    fn rows(&self) -> Vec<Row> {
        let known =
            |value: Option<String>| value.unwrap_or_else(|| "server process not seen (--server-pid)".into());
        let footprint = |at: Option<Footprint>| {
            let text = |at: Footprint| {
                format!("{:.1} MiB, {} descriptors", at.rss_kib as f64 / 1024.0, grouped(at.descriptors))
            };
            known(at.map(text))
        };
        let share = |share| format!("{:.2} % of a core over {} s", share * 100.0, self.held_seconds);
        let mut rows = vec![
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
            ("server CPU while idle", known(self.cpu_share_while_held.map(share))),
        ];
        if let Some(spread) = &self.spread {
            let list =
                |values: &[f64]| values.iter().map(|ms| format!("{ms:.1}")).collect::<Vec<_>>().join(", ");
            rows.push((
                "messages to one room",
                format!("{}, {} deliveries", spread.messages, grouped(spread.deliveries)),
            ));
            rows.push(("time to the last", format!("{} ms", list(&spread.millis_to_last))));
            rows.push(("server CPU each", format!("{} ms", list(&spread.server_cpu_millis))));
            rows.push(("lost", grouped(self.outcome.lost)));
            rows.push(("duplicates", grouped(self.outcome.duplicates)));
        }
        rows.push(("disconnected", grouped(self.outcome.disconnected)));
        rows.extend(
            self.outcome.disconnect_reasons.iter().take(1).map(|reason| ("first reason", reason.clone())),
        );
        rows
    }

    fn verdict(&self) -> Verdict {
        self.outcome.verdict()
    }
}
