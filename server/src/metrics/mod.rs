//! What the server counts while it runs, for Prometheus (`OpenMetrics` 1.0). Each server of a process has its own.
//!
//! Nothing is counted for a single delivery: the hub is asked for its totals when somebody looks.

mod buckets;
mod moment;
mod process;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use shared::ErrorCode;

pub use moment::Moment;
pub use process::disk_left;

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The counters of a server.
#[derive(Debug, Clone)]
pub struct Metrics {
    commits: Histogram,
    failed_commits: Counter,
    post_to_socket: Histogram,
    index_lag: Gauge<u64, AtomicU64>,
    errors: Family<Told, Counter>,
    responses: Family<Answered, Counter>,
}

/// An error that a client was told over its WebSocket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Told {
    code: &'static str,
}

/// An answer over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    /// `2xx` and so on.
    status: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let this = Self {
            commits: Histogram::new(buckets::COMMIT),
            failed_commits: Counter::default(),
            post_to_socket: Histogram::new(buckets::DELIVERY),
            index_lag: Gauge::default(),
            errors: Family::default(),
            responses: Family::default(),
        };
        // An increase can only be seen of what was zero before.
        for code in [ErrorCode::RateLimited, ErrorCode::Internal, ErrorCode::Unavailable] {
            drop(this.errors.get_or_create(&Told { code: code.as_str() }));
        }
        for status in ["2xx", "4xx", "5xx"] {
            drop(this.responses.get_or_create(&Answered { status }));
        }
        this
    }
}

impl Metrics {
    /// A group of writes was stored, or could not be.
    pub fn committed(&self, took: Duration, is_stored: bool) {
        self.commits.observe(took.as_secs_f64());
        if !is_stored {
            self.failed_commits.inc();
        }
    }

    /// Messages that were stored together were written to the sockets, this long after the first of them arrived.
    pub fn handed_out(&self, since_arrival: Duration) {
        self.post_to_socket.observe(since_arrival.as_secs_f64());
    }

    /// So many events are not in the search index yet.
    pub fn index_is_behind(&self, events: u64) {
        self.index_lag.set(events);
    }

    /// A client was told an error.
    pub fn told(&self, code: ErrorCode) {
        self.errors.get_or_create(&Told { code: code.as_str() }).inc();
    }

    /// A request over HTTP was answered.
    pub fn answered(&self, status: u16) {
        let status = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.responses.get_or_create(&Answered { status }).inc();
    }

    /// Everything as text, with what is the case at this moment.
    pub fn text(&self, moment: &Moment) -> String {
        let mut registry = Registry::with_prefix("hiroba");
        registry.register("commit_seconds", "Time to store a group of writes", self.commits.clone());
        registry.register(
            "commits_failed",
            "Groups of writes that could not be stored",
            self.failed_commits.clone(),
        );
        registry.register(
            "post_to_socket_seconds",
            "Time from the arrival of a message to its last socket, of the oldest one in each group",
            self.post_to_socket.clone(),
        );
        registry.register("search_lag_events", "Events that cannot be found yet", self.index_lag.clone());
        registry.register("errors", "Errors told over WebSockets, by code", self.errors.clone());
        registry.register("http_responses", "Answers over HTTP, by class of status", self.responses.clone());
        moment.register(&mut registry);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &registry);
        text
    }
}
