//! Chaos test: people write while network and server fail; at the end everything must be there exactly once.

mod account;
mod check;
mod database;
mod device;
mod dice;
mod doors;
mod observer;
mod outbox;
mod person;
mod proxy;
mod report;
mod room;
mod run;
mod server;
mod sightings;
mod trouble;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use world::Settings;

/// Torments a Hiroba of its own: people write, edit, delete, react and read with three devices each, rename and delete
/// accounts, change passwords, sign out and in, make private rooms and let people in and out, over a network that delays, stalls and cuts, while the server is killed
/// every few seconds, its disk is full, another program holds its database and its clock leaps. At the end every device
/// must show what is stored.
///
/// Exit code: 0 when nothing was lost, doubled or out of order, 1 when something was, 2 when the run could not be
/// made.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The `hiroba` to torment
    #[arg(long)]
    server: PathBuf,
    /// How long things break, in minutes
    #[arg(long, default_value_t = 0.4)]
    minutes: f64,
    /// What is done follows from this; another one each time if it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// People, with three devices each
    #[arg(long, default_value_t = 50)]
    people: usize,
    /// Messages, changes and other deeds in a second, of all together
    #[arg(long, default_value_t = 60.0)]
    rate: f64,
    /// The server lives no longer than so many seconds, and at least two
    #[arg(long, default_value_t = 8)]
    lifetime: u64,
    /// Puts the data on a small disk that is full now and then; mounts one, so run it in
    /// `unshare --map-root-user --mount`
    #[arg(long)]
    small_disk: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match torment(&Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn torment(arguments: &Arguments) -> Result<bool> {
    ensure!(arguments.people > 0 && arguments.rate > 0.0, "there must be people who do something");
    let time = Duration::try_from_secs_f64(arguments.minutes * 60.0).context("that is no time")?;
    let seed = arguments.seed.unwrap_or_else(|| u64::from(std::process::id()));
    let binary = arguments.server.canonicalize().context("there is no such server")?;
    let mut folder = tempfile::Builder::new().prefix("hiroba-chaos-").tempdir()?;
    eprintln!("Chaos with seed {seed}; data and log of the server are in {}.", folder.path().display());
    let settings = Settings {
        seed,
        people: arguments.people,
        rate: arguments.rate,
        lifetime: arguments.lifetime.max(2),
        time,
    };
    let outcome = run::run(&binary, folder.path(), settings, arguments.small_disk, time).await;
    let clean = outcome.as_ref().is_ok_and(report::print);
    if !clean {
        folder.disable_cleanup(true);
        if let Err(error) = trouble::keep(folder.path()) {
            eprintln!("The data could not be copied: {error}");
        }
        eprintln!("The data stays in {}.", folder.path().join("kept").display());
    }
    outcome.map(|_| clean)
}
