//! The metrics that are reported of each row, and Hiroba's goals.

use super::rows::Row;

/// One metric of a row.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    pub row: Row,
    /// Key in the figures of the row.
    pub key: &'static str,
    /// Description, with its unit.
    pub title: &'static str,
    /// Whether lower values are better.
    pub less: bool,
    pub goal: Option<f64>,
    /// Value of uWebSockets from another run, on 2026-11-23; it cannot be built everywhere.
    pub quoted: Option<f64>,
}

const fn less(
    row: Row,
    key: &'static str,
    title: &'static str,
    goal: Option<f64>,
    quoted: Option<f64>,
) -> Metric {
    Metric { row, key, title, less: true, goal, quoted }
}

const fn more(
    row: Row,
    key: &'static str,
    title: &'static str,
    goal: Option<f64>,
    quoted: Option<f64>,
) -> Metric {
    Metric { row, key, title, less: false, goal, quoted }
}

/// All metrics, in the order of the page.
pub const METRICS: &[Metric] = &[
    less(Row::Fanout, "cpu_us", "fan-out to 500, 16 in flight: CPU µs a delivery", Some(0.8), Some(1.2)),
    less(Row::Fanout, "p99_ms", "fan-out to 500, 16 in flight: p99 ms", Some(15.0), Some(14.0)),
    more(Row::Fanout, "rate", "fan-out to 500, 16 in flight: deliveries/s", None, Some(737_500.0)),
    less(
        Row::FanoutOfOne,
        "cpu_us",
        "fan-out to 500, 16 in flight of one author: CPU µs a delivery",
        Some(0.8),
        None,
    ),
    less(Row::FanoutOfOne, "p99_ms", "fan-out to 500, 16 in flight of one author: p99 ms", Some(15.0), None),
    more(Row::FanoutOfOne, "rate", "fan-out to 500, 16 in flight of one author: deliveries/s", None, None),
    more(Row::Ceiling, "rate", "highest rate with p99 ≤ 100 ms: deliveries/s", Some(1_000_000.0), None),
    more(
        Row::CeilingOfOne,
        "rate",
        "highest rate with p99 ≤ 100 ms, one author: deliveries/s",
        Some(1_000_000.0),
        None,
    ),
    less(Row::Steady, "cpu_us", "40 messages/s to 500: CPU µs a delivery", Some(10.5), Some(9.8)),
    less(Row::Steady, "p99_ms", "40 messages/s to 500: p99 ms", Some(12.0), Some(10.0)),
    more(Row::Rooms, "rate", "100 rooms of 10: deliveries/s", Some(70_000.0), Some(92_200.0)),
    less(Row::Rooms, "p99_ms", "100 rooms of 10: p99 ms", Some(25.0), Some(19.0)),
    less(Row::Burst10, "seconds", "100 clients × 10 messages: s", Some(0.15), None),
    less(Row::Burst1000, "seconds", "100 clients × 1,000 messages: s", Some(3.0), Some(5.8)),
    less(Row::Burst1000, "lost", "100 clients × 1,000 messages: lost", Some(0.0), Some(0.0)),
    less(Row::Burst1000, "search_s", "… until search has caught up: s after the last delivery", None, None),
    less(Row::Idle, "kib", "10,000 idle connections, in a room: KiB each", Some(5.0), Some(0.3)),
    less(Row::Storm, "seconds", "2,000 in 200 rooms drop and are back, caught up: s", Some(0.5), Some(0.69)),
    more(
        Row::Slow,
        "rate",
        "5 of 50 readers stall: deliveries/s to the rest",
        Some(200_000.0),
        Some(188_800.0),
    ),
    less(Row::Slow, "peak_mib", "5 of 50 readers stall: peak MiB", Some(48.0), Some(324.0)),
    more(Row::Slow, "closed", "5 of 50 readers stall: closed by the server", Some(5.0), None),
    less(Row::Slow, "lost", "5 of 50 readers stall: lost for the rest", Some(0.0), None),
    less(Row::Slow, "p99_times", "5 of 50 readers stall: p99 of the rest, times that without", None, None),
    less(Row::Start, "start_s", "start to first answer: s", Some(0.3), None),
    less(Row::Start, "idle_mib", "idle memory: MiB", Some(30.0), None),
    less(Row::Start, "binary_mib", "binary: MiB", Some(40.0), None),
    less(Row::Start, "web_kib", "web client, until one can type a name: KiB", Some(190.0), None),
];

impl Metric {
    /// Whether `value` reaches the goal; none if there is no goal.
    pub fn is_reached(&self, value: f64) -> Option<bool> {
        self.goal.map(|goal| if self.less { value <= goal } else { value >= goal })
    }

    /// Returns the better of two values.
    pub fn better(&self, one: f64, other: f64) -> f64 {
        if self.less { one.min(other) } else { one.max(other) }
    }
}
