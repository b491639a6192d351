//! Many small rooms, each with messages in flight.

use anyhow::Result;
use clap::Args;

use super::fanout::{Drive, FanoutResult, play};
use super::{Target, on_this_thread};

/// What to play.
#[derive(Debug, Clone, Args)]
pub struct Rooms {
    /// Where the server is and how the result is shown
    #[command(flatten)]
    pub target: Target,
    /// Rooms
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rooms: u32,
    /// Clients in each
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub members: u32,
    /// Messages of a room under way at once: their senders have not got them back
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub in_flight: u32,
    /// Posts so many messages a second in all rooms together, instead of keeping them in flight
    #[arg(long, value_name = "PER SECOND")]
    pub rate: Option<f64>,
    /// Seconds that are measured
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Seconds without any progress after which the run is given up
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub patience: u64,
}

impl Rooms {
    /// Runs the scenario.
    ///
    /// # Errors
    /// The run could not be made: no server, rate limits, too few descriptors.
    pub fn run(&self) -> Result<FanoutResult> {
        let drive = Drive {
            rate: self.rate,
            patience: self.patience,
            ..Drive::in_flight(self.in_flight, self.seconds)
        };
        on_this_thread(play(&self.target, &drive, self.rooms, self.members))
    }
}
