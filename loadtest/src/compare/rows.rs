//! The rows: what is measured of each server.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::Serialize;

use super::figures::Figures;
use super::serving::Serving;
use super::web::first_load;
use crate::dialect::Dialect;
use crate::endpoint::Endpoint;
use crate::report::{Report, Verdict};
use crate::scenario::burst::Burst;
use crate::scenario::ceiling::Ceiling;
use crate::scenario::fanout::{Drive, Fanout};
use crate::scenario::idle::Idle;
use crate::scenario::rooms::Rooms;
use crate::scenario::slow::Slow;
use crate::scenario::storm::Storm;
use crate::stage::Outcome;

/// Messages in flight in one room.
const IN_FLIGHT: u32 = 16;

/// A row of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Row {
    /// One room of 500, 16 messages in flight, one of each of 16 authors
    Fanout,
    /// The same, all 16 of one author
    FanoutOfOne,
    /// The highest rate with p99 at most 100 ms, of 16 authors
    Ceiling,
    /// The same, of one author
    CeilingOfOne,
    /// 40 messages a second to 500
    Steady,
    /// 100 rooms of 10
    Rooms,
    /// 100 clients × 10 messages
    #[value(name = "burst-10")]
    #[serde(rename = "burst-10")]
    Burst10,
    /// 100 clients × 1,000 messages
    #[value(name = "burst-1000")]
    #[serde(rename = "burst-1000")]
    Burst1000,
    /// 10,000 idle connections
    Idle,
    /// 2,000 drop and come back
    Storm,
    /// 5 of 50 readers stall
    Slow,
    /// Start, idle memory, binary, web client
    Start,
}

impl Row {
    /// Returns all rows, in the order of the page.
    pub fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.to_possible_value();
        f.write_str(name.as_ref().map_or("", |name| name.get_name()))
    }
}

/// Durations and sizes of runs.
#[derive(Debug, Clone, Copy)]
pub struct Lengths {
    /// Divisor of the numbers of clients.
    smaller: u32,
    /// Measured seconds.
    seconds: f64,
    /// Seconds per step of the search for the ceiling.
    step: f64,
    /// Seconds after which a burst is given up.
    burst_limit: u64,
    /// Seconds for which idle connections are held open.
    hold: u64,
}

impl Lengths {
    /// Returns the lengths for the page, or short ones.
    pub fn new(quick: bool) -> Self {
        if quick {
            Self { smaller: 10, seconds: 0.5, step: 0.4, burst_limit: 5, hold: 0 }
        } else {
            Self { smaller: 1, seconds: 3.0, step: 1.2, burst_limit: 20, hold: 1 }
        }
    }
}

/// Runs one row on a server that has just been started.
///
/// # Errors
/// The run could not be made.
pub fn play(row: Row, serving: &Serving, lengths: &Lengths) -> Result<Figures> {
    let target = serving.target();
    let Lengths { smaller, seconds, .. } = *lengths;
    let members = 500 / smaller;
    let authors = if matches!(row, Row::FanoutOfOne | Row::CeilingOfOne) { 1 } else { IN_FLIGHT };
    match row {
        Row::Fanout | Row::FanoutOfOne => {
            let drive = Drive { posters: Some(authors), ..Drive::in_flight(IN_FLIGHT, seconds) };
            Ok(driven(&Fanout { target, members, drive }.run()?.outcome))
        }
        Row::Steady => {
            Ok(driven(&Fanout { target, members, drive: Drive::rate(40.0, seconds) }.run()?.outcome))
        }
        Row::Rooms => {
            let rooms = Rooms {
                target,
                rooms: 100 / smaller,
                members: 10,
                in_flight: 1,
                rate: None,
                seconds,
                patience: 10,
            };
            Ok(driven(&rooms.run()?.outcome))
        }
        Row::Ceiling | Row::CeilingOfOne => {
            let ceiling = Ceiling { target, members, posters: authors, p99: 100.0, seconds: lengths.step };
            let result = ceiling.run()?;
            let whole = result.verdict() == Verdict::Passed;
            let values = [("rate", result.deliveries_per_second)].into();
            Ok(Figures { values, whole, given_up: false, load_share: Some(result.load_share) })
        }
        Row::Burst10 => burst(serving, 10, lengths),
        Row::Burst1000 => burst(serving, 1_000 / smaller, lengths),
        Row::Idle => {
            let idle = Idle {
                target,
                connections: 10_000 / smaller,
                per_room: 100,
                one_room: false,
                hold: lengths.hold,
                messages: 0,
                patience: 10,
            };
            let result = idle.run()?;
            let kib = result.kib_each.context("the memory of the server cannot be seen")?;
            Ok(figures([("kib", kib)].into(), result.verdict()))
        }
        Row::Storm => {
            let (clients, rooms) = (2_000 / smaller, 200 / smaller);
            let result = Storm { target, clients, rooms, missed: 2, meanwhile: 2, limit: 30 }.run()?;
            let values = [("seconds", result.seconds)].into();
            let load_share = result.outcome.cost.load_share;
            Ok(Figures { given_up: result.not_back > 0, load_share, ..figures(values, result.verdict()) })
        }
        // Long enough for a bounded queue to fill.
        Row::Slow => slow(&Slow {
            target,
            members: 50,
            stalled: 5,
            in_flight: IN_FLIGHT,
            seconds: seconds.max(2.0),
            patience: 10,
        }),
        Row::Start => start(serving),
    }
}

fn figures(values: BTreeMap<&'static str, f64>, verdict: Verdict) -> Figures {
    Figures { values, whole: verdict == Verdict::Passed, given_up: false, load_share: None }
}

fn driven(outcome: &Outcome) -> Figures {
    let mut values = BTreeMap::from([
        ("rate", outcome.cost.deliveries_per_second),
        ("p50_ms", outcome.p50_ms),
        ("p99_ms", outcome.p99_ms),
        ("bytes", outcome.bytes_per_delivery),
    ]);
    values.extend(outcome.cost.server_cpu_micros_per_delivery.map(|cpu| ("cpu_us", cpu)));
    Figures { load_share: outcome.cost.load_share, ..figures(values, outcome.verdict()) }
}

fn burst(serving: &Serving, messages: u32, lengths: &Lengths) -> Result<Figures> {
    let target = serving.target();
    let burst = Burst {
        search: target.dialect == Dialect::Hiroba && messages > 10,
        target,
        clients: 100,
        messages,
        window: 64,
        room: None,
        paced: false,
        patience: 3,
        limit: lengths.burst_limit,
    };
    let result = burst.run()?;
    let mut values = BTreeMap::new();
    if !result.timed_out {
        values.insert("lost", result.outcome.lost as f64);
    }
    if result.complete {
        values.insert("seconds", result.outcome.cost.seconds);
    }
    values.extend(result.search_caught_up_seconds.map(|seconds| ("search_s", seconds)));
    let load_share = result.outcome.cost.load_share;
    Ok(Figures { given_up: !result.complete, load_share, ..figures(values, result.verdict()) })
}

fn slow(slow: &Slow) -> Result<Figures> {
    let result = slow.run()?;
    let mut values = BTreeMap::from([
        ("rate", result.with.cost.deliveries_per_second),
        ("closed", result.stalled_closed as f64),
        ("lost", result.with.lost as f64),
        ("p99_times", result.with.p99_ms / result.without.p99_ms.max(0.001)),
    ]);
    values.extend(result.with.server.map(|server| ("peak_mib", server.peak_rss_kib as f64 / 1024.0)));
    Ok(Figures { load_share: result.with.cost.load_share, ..figures(values, result.verdict()) })
}

fn start(serving: &Serving) -> Result<Figures> {
    std::thread::sleep(Duration::from_secs(1));
    let footprint =
        serving.process().and_then(crate::process::Process::footprint).context("the server is gone")?;
    let mut values = BTreeMap::from([
        ("start_s", serving.seconds_to_answer),
        ("idle_mib", footprint.rss_kib as f64 / 1024.0),
    ]);
    values.extend(serving.binary_bytes().map(|bytes| ("binary_mib", bytes as f64 / 1024.0 / 1024.0)));
    if serving.target().dialect == Dialect::Hiroba {
        let bytes = first_load(&Endpoint::resolve(&serving.target().url)?)?;
        values.extend(bytes.map(|bytes| ("web_kib", bytes as f64 / 1024.0)));
    }
    Ok(figures(values, Verdict::Passed))
}
