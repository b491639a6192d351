//! How fast a client may post.

use std::time::{Duration, Instant};

use shared::limits::Limits;

/// A token bucket like the server's, a little slower; or none.
#[derive(Debug, Clone)]
pub struct Pace {
    bucket: Option<Bucket>,
}

#[derive(Debug, Clone)]
struct Bucket {
    per_second: f64,
    burst: f64,
    tokens: f64,
    filled: Instant,
}

impl Pace {
    /// As fast as the server takes it.
    pub const fn unlimited() -> Self {
        Self { bucket: None }
    }

    /// Within the rates that the server told.
    pub fn within(limits: &Limits) -> Self {
        let per_second = f64::from(limits.chat_per_second.min(limits.frames_per_second)) * 0.95;
        let burst = (f64::from(limits.chat_burst.min(limits.frames_burst)) - 2.0).max(1.0);
        Self { bucket: Some(Bucket { per_second, burst, tokens: burst, filled: Instant::now() }) }
    }

    /// Takes leave for one post at `now`.
    ///
    /// # Errors
    /// How long to wait before asking again.
    pub fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let Some(bucket) = &mut self.bucket else {
            return Ok(());
        };
        let passed = now.saturating_duration_since(bucket.filled).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * bucket.per_second).min(bucket.burst);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.tokens) / bucket.per_second));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_keeps_within_the_limits() {
        let limits = Limits::standard(true);
        let mut pace = Pace::within(&limits);
        let start = Instant::now();
        let mut now = start;
        let mut taken = 0;
        while now < start + Duration::from_mins(1) {
            match pace.take(now) {
                Ok(()) => taken += 1,
                Err(wait) => now += wait + Duration::from_micros(1),
            }
        }
        let allowed = limits.chat_burst + 60 * limits.chat_per_second;
        assert!(taken <= allowed && taken > allowed * 9 / 10, "{taken} of {allowed}");
        assert!(Pace::unlimited().take(now).is_ok());
    }
}
