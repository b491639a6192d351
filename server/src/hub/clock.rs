//! The hub's two clocks: a monotonic one, and wall-clock time for display.

use shared::Timestamp;
use tokio::time::Instant;

/// Milliseconds since the hub was created. Monotonic: it never jumps, as a wall clock does.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// Starts the clock at 0.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the milliseconds since the start.
    pub fn now(self) -> u64 {
        self.0.elapsed().as_millis() as u64
    }
}

/// Returns the time for display.
pub fn wall_clock() -> Timestamp {
    Timestamp::from_millis(chrono::Utc::now().timestamp_millis())
}
