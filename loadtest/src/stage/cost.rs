//! The cost of an interval: deliveries, and CPU time of the server and of the load test itself.

use serde::Serialize;

use super::Stage;
use crate::process::Process;

/// Above this share of a core the load test is the bottleneck.
pub const BUSY: f64 = 0.95;

/// The readings at the beginning of an interval.
#[derive(Debug, Clone, Copy)]
pub struct Meter {
    process: Option<Process>,
    server_nanos: Option<u64>,
    own_nanos: Option<u64>,
    at: u64,
    deliveries: u64,
}

/// The cost of an interval; what could not be measured is none.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Cost {
    /// Length of the interval.
    pub seconds: f64,
    /// Deliveries to all clients.
    pub deliveries: u64,
    pub deliveries_per_second: f64,
    /// CPU time of the server, user and system, in seconds.
    pub server_cpu_seconds: Option<f64>,
    /// CPU time of the server per delivery, in microseconds.
    pub server_cpu_micros_per_delivery: Option<f64>,
    /// CPU time of the load test, in seconds.
    pub load_cpu_seconds: Option<f64>,
    /// Share of one core that the load test used.
    pub load_share: Option<f64>,
}

/// Whether the load test used so much of its core that it was the bottleneck.
pub fn is_limited_here(load_share: Option<f64>) -> bool {
    load_share.is_some_and(|share| share > BUSY)
}

impl Meter {
    /// Begins an interval.
    pub fn start(stage: &Stage, process: Option<Process>) -> Self {
        Self {
            process,
            server_nanos: process.and_then(Process::cpu_nanos),
            own_nanos: Process::own().cpu_nanos(),
            at: stage.now(),
            deliveries: stage.deliveries.get(),
        }
    }

    /// Returns the cost until now.
    pub fn stop(&self, stage: &Stage) -> Cost {
        self.stop_at(stage, stage.now())
    }

    /// Returns the cost of a run whose last delivery came at `end`, a moment ago.
    pub fn stop_at(&self, stage: &Stage, end: u64) -> Cost {
        let now = Self::start(stage, self.process);
        let seconds =
            |before: Option<u64>, after: Option<u64>| Some(after?.saturating_sub(before?) as f64 / 1e9);
        let deliveries = now.deliveries - self.deliveries;
        let server_cpu_seconds = seconds(self.server_nanos, now.server_nanos);
        let load_cpu_seconds = seconds(self.own_nanos, now.own_nanos);
        let lasted = end.saturating_sub(self.at).max(1) as f64 / 1e9;
        Cost {
            seconds: lasted,
            deliveries,
            deliveries_per_second: deliveries as f64 / lasted,
            server_cpu_seconds,
            server_cpu_micros_per_delivery: server_cpu_seconds
                .map(|cpu| cpu * 1e6 / deliveries.max(1) as f64),
            load_cpu_seconds,
            load_share: load_cpu_seconds.map(|cpu| cpu * 1e9 / now.at.saturating_sub(self.at).max(1) as f64),
        }
    }
}
