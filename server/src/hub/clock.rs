//! The hub's two clocks: one that never jumps, and one to show people.

use shared::Timestamp;
use tokio::time::Instant;

/// Milliseconds since the hub was made; no wall clock, so it never jumps.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// Begins at 0.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Milliseconds since the start.
    pub fn now(self) -> u64 {
        self.0.elapsed().as_millis() as u64
    }
}

/// The time to show people.
pub fn wall_clock() -> Timestamp {
    Timestamp::from_millis(chrono::Utc::now().timestamp_millis())
}
