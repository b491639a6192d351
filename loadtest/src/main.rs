//! The command line of the load test.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use loadtest::report::{self, Verdict};
use loadtest::scenario::{burst, idle};

/// Puts load on a running Hiroba: every client posts to one room, and every delivery is checked.
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
    /// Holds connections that are signed in and in a room, and tells what one costs
    Idle(idle::Idle),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let verdict = match &arguments.scenario {
        None => arguments.burst.run().and_then(|result| report::print(&result, arguments.burst.target.json)),
        Some(Scenario::Idle(idle)) => idle.run().and_then(|result| report::print(&result, idle.target.json)),
    };
    match verdict {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::from(1),
        Err(error) => {
            eprintln!("loadtest: {error:#}");
            ExitCode::from(2)
        }
    }
}
