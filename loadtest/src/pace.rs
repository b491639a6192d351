//! Limits how fast a client posts.

use std::time::{Duration, Instant};

use shared::limits::Limits;

/// A token bucket that is a little slower than the server's, or no limit.
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
    /// Posts as fast as the server accepts.
    pub const fn unlimited() -> Self {
        Self { bucket: None }
    }

    /// Stays within the rate limits that the server announced.
    pub fn within(limits: &Limits) -> Self {
        let per_second = f64::from(limits.chat_per_second.min(limits.frames_per_second)) * 0.95;
        let burst = (f64::from(limits.chat_burst.min(limits.frames_burst)) - 2.0).max(1.0);
        Self { bucket: Some(Bucket { per_second, burst, tokens: burst, filled: Instant::now() }) }
    }

    /// Takes a token for one post at `now`.
    ///
    /// # Errors
    /// No token is left; the error is the time to wait before the next attempt.
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
