//! Many sign-ins with passwords: what do people who chat meanwhile notice, and does the time of an answer tell whether a
//! name is known?

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::fanout::Drive;
use super::{Target, on_this_thread};
use crate::client::http;
use crate::endpoint::Endpoint;
use crate::report::{Report, Row, Verdict, millis};
use crate::stage::{Company, Meter, Outcome};

const PASSWORD: &str = "an uncommon password of the load test";
/// What others may notice, at the 95th percentile, in milliseconds.
const BEARABLE: f64 = 100.0;
/// How far apart the medians of known and unknown names may be, as a share.
const ALIKE: f64 = 0.02;

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct SignIns {
    /// Where the server is and how the result is shown; it must run with `--sign-up open --rate-limits off`
    #[command(flatten)]
    pub target: Target,
    /// Sign-ins a minute, half of them with a wrong password
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub per_minute: u32,
    /// Clients who chat meanwhile, all in one room
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub members: u32,
    /// Their messages a second
    #[arg(long, default_value_t = 20.0)]
    pub rate: f64,
    /// Seconds that are measured
    #[arg(long, default_value_t = 60.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Wrong passwords tried for a known and for an unknown name, in turns by chance, one after the other
    #[arg(long, default_value_t = 1_000)]
    pub tries: u32,
    /// Decides the turns
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl SignIns {
    /// Runs the scenario.
    ///
    /// # Errors
    /// The run could not be made: no server, nobody may sign up, rate limits.
    pub fn run(&self) -> Result<SignInsResult> {
        on_this_thread(self.play())
    }

    async fn play(&self) -> Result<SignInsResult> {
        let (endpoint, process) = self.target.find(self.members)?;
        let name = format!("load-{:x}-{:x}", std::process::id(), self.seed);
        match http::post(&endpoint, "/api/v1/sign-up", &body(&name, PASSWORD)).await? {
            201 => {}
            status => {
                bail!("an account could not be created ({status}): start the server with --sign-up open")
            }
        }
        let stage = Rc::new(self.target.stage()?);
        let drive = Drive { posters: Some(self.members), ..Drive::rate(self.rate, self.seconds) };
        let company = Company::seat(&endpoint, stage.clone(), &drive.plan(1, self.members)).await?;
        if let Some(process) = process {
            process.forget_peak();
        }
        let crowd = tokio::task::spawn_local(crowd(endpoint.clone(), name.clone(), self.per_minute));
        let cost = drive.play(&company, |stage| Meter::start(stage, process)).await;
        crowd.abort();
        let peak = process.and_then(crate::process::Process::footprint);
        let (members, per_room) = company.close().await;
        let mut outcome = Outcome::new(&stage, &members, per_room, cost, process);
        outcome.server = peak;
        let p95_ms = millis(stage.latency.borrow().quantile(0.95));
        let [known, unknown] = self.times(&endpoint, &name).await?;
        Ok(SignInsResult {
            per_minute: self.per_minute,
            p95_ms,
            outcome,
            known_ms: known,
            unknown_ms: unknown,
        })
    }

    /// Returns the median times of wrong passwords, in milliseconds, for a known and an unknown name.
    async fn times(&self, endpoint: &Endpoint, name: &str) -> Result<[f64; 2]> {
        let unknown = format!("{name}-nobody");
        let mut times = [Vec::new(), Vec::new()];
        let mut random = self.seed;
        for _ in 0..self.tries {
            // SplitMix64 (Steele, Lea, Flood 2014).
            random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = (random ^ (random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let which = ((mixed ^ (mixed >> 31)) & 1) as usize;
            let body = body([name, &unknown][which], "a wrong password");
            let begun = Instant::now();
            let status = http::post(endpoint, "/api/v1/sign-in", &body).await?;
            times[which].push(begun.elapsed().as_nanos() as u64);
            if status != 401 {
                bail!("a wrong password was answered with {status}: start the server with --rate-limits off");
            }
        }
        Ok(times.map(|mut times| {
            times.sort_unstable();
            times.get(times.len() / 2).map_or(0.0, |&median| millis(median))
        }))
    }
}

/// Signs in `per_minute` times a minute, forever; every other time with a wrong password.
async fn crowd(endpoint: Endpoint, name: String, per_minute: u32) {
    let mut ticks = interval(Duration::from_mins(1) / per_minute);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut under_way = JoinSet::new();
    for number in 0_u64.. {
        ticks.tick().await;
        let password = if number.is_multiple_of(2) { PASSWORD } else { "a wrong password" };
        let (endpoint, body) = (endpoint.clone(), body(&name, password));
        under_way.spawn_local(async move { http::post(&endpoint, "/api/v1/sign-in", &body).await });
        while under_way.try_join_next().is_some() {}
    }
}

fn body(name: &str, password: &str) -> String {
    serde_json::json!({ "name": name, "password": password }).to_string()
}

/// The result of the scenario.
#[derive(Debug, Clone, Serialize)]
pub struct SignInsResult {
    per_minute: u32,
    /// Latency of messages meanwhile.
    pub p95_ms: f64,
    /// Median time of a wrong password for a known name.
    pub known_ms: f64,
    /// The same for an unknown name.
    pub unknown_ms: f64,
    /// The results that all runs have.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl SignInsResult {
    /// How far apart the medians are, as a share.
    fn apart(&self) -> f64 {
        (self.known_ms - self.unknown_ms).abs() / self.known_ms.max(self.unknown_ms).max(f64::EPSILON)
    }
}

impl Report for SignInsResult {
    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![
            ("sign-ins a minute", self.per_minute.to_string()),
            ("messages meanwhile", format!("p95 {:.1} ms, at most {BEARABLE} ms", self.p95_ms)),
            (
                "a wrong password",
                format!(
                    "{:.2} ms for a known name, {:.2} ms for an unknown one: {:.2} % apart, at most {} %",
                    self.known_ms,
                    self.unknown_ms,
                    self.apart() * 100.0,
                    ALIKE * 100.0
                ),
            ),
        ];
        rows.extend(self.outcome.rows());
        rows
    }

    fn verdict(&self) -> Verdict {
        if self.p95_ms < BEARABLE && self.apart() < ALIKE { self.outcome.verdict() } else { Verdict::Failed }
    }
}
