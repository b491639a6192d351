//! Every client posts to one room as fast as the server takes it, and everybody receives everything.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use shared::RoomAddress;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::player::{Board, Record, play};
use super::{Refused, Target};
use crate::client::Connection;
use crate::corpus::Corpus;
use crate::descriptors;
use crate::endpoint::Endpoint;
use crate::measure::Histogram;
use crate::pace::Pace;
use crate::process::Process;
use crate::progress::Progress;
use result::BurstResult;

mod result;

/// Clients that sign in at the same time.
const SIGN_INS: usize = 64;
/// How long joins may echo before the start, and doubles may show after the end.
const SETTLE: Duration = Duration::from_millis(300);

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Burst {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Clients, all in one room
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub clients: u32,
    /// Messages that each client posts
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub messages: u32,
    /// Posts of one client that may be under way without an answer
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..))]
    pub window: u64,
    /// The room; without it a new one
    #[arg(long)]
    pub room: Option<String>,
    /// Keeps within the rate limits that the server tells
    #[arg(long)]
    pub paced: bool,
    /// Posts without `client_message_id`: deliveries of about 256 instead of 310 bytes
    #[arg(long)]
    pub no_client_ids: bool,
    /// Threads for all clients together
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: u16,
    /// Seconds without any progress after which the run is given up
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub patience: u64,
}

impl Burst {
    /// Plays it and tells what happened.
    ///
    /// # Errors
    /// The run could not be made: no server, rate limits without `--paced`, too few descriptors.
    pub fn run(&self) -> Result<BurstResult> {
        let mut runtime = match self.threads {
            1 => tokio::runtime::Builder::new_current_thread(),
            _ => tokio::runtime::Builder::new_multi_thread(),
        };
        runtime.worker_threads(usize::from(self.threads)).enable_all().build()?.block_on(self.play())
    }

    async fn play(&self) -> Result<BurstResult> {
        let (endpoint, process) = self.target.find()?;
        descriptors::allow(u64::from(self.clients))?;
        let room = match &self.room {
            Some(name) => RoomAddress::new(name).context("--room")?,
            None => RoomAddress::new(&format!("load-{:x}", std::process::id()))?,
        };
        let (seats, pace) = self.seat(&endpoint, &room).await?;
        sleep(SETTLE).await;

        let hashed_from = seats.iter().map(|(_, head)| *head).max().unwrap_or(0);
        let cpu = |process: Option<Process>| process.and_then(Process::cpu_nanos);
        let (server_before, own_before) = (cpu(process), cpu(Some(Process::own())));
        let board = Arc::new(Board::new(room, self, Corpus::load()?));
        let (stop, stopped) = watch::channel(false);
        let mut players = JoinSet::new();
        for (sender, (connection, head)) in seats.into_iter().enumerate() {
            let record = Record::new(sender as u32, &board, head, hashed_from);
            let (board, pace, stopped) = (board.clone(), pace.clone(), stopped.clone());
            players.spawn(async move { play(connection, record, &board, pace, stopped).await });
        }
        self.watch(&board).await;
        let (server_after, own_after) = (cpu(process), cpu(Some(Process::own())));
        sleep(SETTLE).await;
        stop.send_replace(true);
        let records = players.join_all().await;

        let used = |before: Option<u64>, after: Option<u64>| Some(after?.saturating_sub(before?));
        let server = process.map(|process| (process, used(server_before, server_after)));
        Ok(BurstResult::new(self, &board, &records, server, used(own_before, own_after)))
    }

    /// Connects all clients and has them join; gives each with the head of the room it found.
    async fn seat(&self, endpoint: &Endpoint, room: &RoomAddress) -> Result<(Vec<(Connection, u64)>, Pace)> {
        let mut progress = Progress::new("clients", u64::from(self.clients));
        let mut first = Connection::open(endpoint, None).await.with_context(|| {
            format!(
                "no server at {}: start one with `cargo run --release -p server -- --rate-limits off`",
                self.target.url
            )
        })?;
        let limits = first.sign_in("load-0").await?.limits;
        let limits = limits.filter(|limits| limits.rate_limits);
        let pace = match &limits {
            None => Pace::unlimited(),
            Some(limits) if self.paced => Pace::within(limits),
            Some(limits) => bail!(Refused(format!(
                "this server allows {} messages a second and user: start it with `hiroba --rate-limits off`, \
                 or keep within its limits with --paced",
                limits.chat_per_second
            ))),
        };
        let head = first.join(room).await?.seq.0;
        let mut seats = vec![(first, head)];
        let mut signing_in = JoinSet::new();
        for index in 1..self.clients {
            if signing_in.len() >= SIGN_INS
                && let Some(seat) = signing_in.join_next().await
            {
                seats.push(seat??);
                progress.show(seats.len() as u64);
            }
            let (endpoint, room) = (endpoint.clone(), room.clone());
            signing_in.spawn(async move {
                let mut connection = Connection::open(&endpoint, None).await?;
                connection.sign_in(&format!("load-{index}")).await?;
                let head = connection.join(&room).await?.seq.0;
                anyhow::Ok((connection, head))
            });
        }
        while let Some(seat) = signing_in.join_next().await {
            seats.push(seat??);
        }
        progress.finish();
        Ok((seats, pace))
    }

    /// Shows the progress until every client has everything, or nothing has come for too long.
    async fn watch(&self, board: &Board) {
        let mut progress = Progress::new("deliveries", board.deliveries_due());
        let patience = Duration::from_secs(self.patience);
        let (mut last, mut moved) = (0, Instant::now());
        while board.finished.load(Ordering::Relaxed) < u64::from(self.clients) {
            sleep(Duration::from_millis(10)).await;
            let deliveries = board.deliveries.load(Ordering::Relaxed);
            let sum = deliveries + board.answers.load(Ordering::Relaxed);
            if sum != last {
                (last, moved) = (sum, Instant::now());
            } else if moved.elapsed() > patience {
                break;
            }
            progress.show(deliveries);
        }
        progress.finish();
    }
}

/// The latencies of all clients in one histogram.
fn latencies(records: &[Record]) -> Histogram {
    let mut all = Histogram::default();
    for record in records {
        all.merge(&record.latency);
    }
    all
}
