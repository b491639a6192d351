//! The command line of the load test.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use loadtest::compare::Compare;
use loadtest::report::{Verdict, print};
use loadtest::scenario::{bare, burst, ceiling, fanout, growth, idle, rooms, sign_ins, slow, storm};

/// Puts load on a running Hiroba and checks every delivery. Without a sub-command every client posts to one room, as
/// in the original demo.
///
/// Exit code: 0 when nothing was lost, doubled or out of order, 1 when something was, 2 when the run could not be
/// made.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    scenario: Option<Scenario>,
    #[command(flatten)]
    burst: burst::Burst,
}

#[derive(Subcommand)]
enum Scenario {
    /// Every client posts to one room as fast as the server takes it
    Burst(burst::Burst),
    /// One room, with messages in flight or so many a second, for a while
    Fanout(fanout::Fanout),
    /// The highest rate of one room whose latency stays bearable
    Ceiling(ceiling::Ceiling),
    /// Many small rooms, each with messages in flight
    Rooms(rooms::Rooms),
    /// Holds connections that are signed in and in a room, and tells what one costs
    Idle(idle::Idle),
    /// All drop at once and come back at once: how long until the last has what it missed?
    Storm(storm::Storm),
    /// Some readers stop reading: what do the others notice, and what does the server keep?
    Slow(slow::Slow),
    /// Many sign-ins with passwords: what do people who chat notice, and do times tell whether a name is known?
    SignIns(sign_ins::SignIns),
    /// What a delivery costs as rooms grow, in members and in stored messages
    Growth(growth::Growth),
    /// What the kernel alone takes for the writes of a fan-out, without any server
    Bare(bare::Bare),
    /// Measures Hiroba beside other servers, each started for it, and writes the tables of docs/performance.md
    Compare(Compare),
}

fn play(arguments: &Arguments) -> Result<Verdict> {
    match &arguments.scenario {
        None => print(&arguments.burst.run()?, arguments.burst.target.json),
        Some(Scenario::Burst(burst)) => print(&burst.run()?, burst.target.json),
        Some(Scenario::Fanout(fanout)) => print(&fanout.run()?, fanout.target.json),
        Some(Scenario::Rooms(rooms)) => print(&rooms.run()?, rooms.target.json),
        Some(Scenario::Ceiling(ceiling)) => print(&ceiling.run()?, ceiling.target.json),
        Some(Scenario::Idle(idle)) => print(&idle.run()?, idle.target.json),
        Some(Scenario::Storm(storm)) => print(&storm.run()?, storm.target.json),
        Some(Scenario::SignIns(sign_ins)) => print(&sign_ins.run()?, sign_ins.target.json),
        Some(Scenario::Growth(growth)) => print(&growth.run()?, growth.target.json),
        Some(Scenario::Bare(bare)) => print(&bare.run()?, bare.json),
        Some(Scenario::Compare(compare)) => compare.run(),
        Some(Scenario::Slow(slow)) => print(&slow.run()?, slow.target.json),
    }
}

fn main() -> ExitCode {
    match play(&Arguments::parse()) {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::from(1),
        Err(error) => {
            eprintln!("loadtest: {error:#}");
            ExitCode::from(2)
        }
    }
}
