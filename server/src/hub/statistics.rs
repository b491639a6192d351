//! The numbers of the statistics page.

use std::collections::VecDeque;

use serde::Serialize;

/// Window of the rates, in seconds.
const WINDOW: usize = 10;

/// A snapshot of the numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Statistics {
    /// Signed-in connections of this node.
    pub connections: usize,
    /// Users with at least one connection.
    pub users: usize,
    pub rooms: usize,
    /// Messages stored and handed out since the start.
    pub messages: u64,
    /// Messages handed to connections since the start.
    pub deliveries: u64,
    /// Connections closed as slow consumers since the start.
    pub slow_consumers: u64,
    /// Messages per second, over the last ten seconds.
    pub messages_per_second: f64,
    /// Deliveries per second, over the last ten seconds.
    pub deliveries_per_second: f64,
}

/// Totals sampled once a second, from which the rates are computed.
#[derive(Debug, Default)]
pub struct Rates(VecDeque<(u64, u64)>);

impl Rates {
    /// Records the totals; called once a second.
    pub fn sample(&mut self, messages: u64, deliveries: u64) {
        self.0.push_back((messages, deliveries));
        if self.0.len() > WINDOW + 1 {
            self.0.pop_front();
        }
    }

    /// Returns messages and deliveries per second.
    pub fn per_second(&self) -> (f64, f64) {
        let (Some(first), Some(last)) = (self.0.front(), self.0.back()) else { return (0.0, 0.0) };
        let seconds = (self.0.len() - 1).max(1) as f64;
        ((last.0 - first.0) as f64 / seconds, (last.1 - first.1) as f64 / seconds)
    }
}
