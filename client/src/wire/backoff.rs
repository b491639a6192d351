//! Exponential back-off with jitter for reconnecting.

/// The first attempt follows after at most this delay, too short to be noticed, in milliseconds.
const FIRST: f64 = 300.0;
/// Delay of the second attempt before jitter, in milliseconds; doubled for each further one.
const BASE: f64 = 1_000.0;
/// Upper bound of the delay before jitter, in milliseconds.
const LONGEST: f64 = 20_000.0;
/// A connection that lasted this long resets the back-off, in milliseconds.
const GOOD_AFTER: i64 = 30_000;

/// Counts failed attempts and adds jitter, so that clients do not all reconnect at once when a server comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backoff {
    failed: u32,
}

impl Backoff {
    /// The delay until the next attempt in milliseconds. `jitter` is random in 0..1, `hint` the server's
    /// `retry_after_ms`.
    pub fn next(&mut self, jitter: f64, hint: Option<u64>) -> u32 {
        let own = match self.failed {
            0 => FIRST * (0.3 + 0.7 * jitter),
            failed => {
                let doubled = BASE * 2_f64.powi(failed.saturating_sub(1).min(10) as i32);
                doubled.min(LONGEST) * (0.5 + 0.5 * jitter)
            }
        };
        self.failed = self.failed.saturating_add(1);
        // The hint is the same for all clients, so it gets jitter as well.
        let wished = hint.map_or(0.0, |millis| (millis as f64).min(LONGEST) * (1.0 + 0.2 * jitter));
        own.max(wished) as u32
    }

    /// Whether more than two attempts failed, which is no coincidence.
    pub const fn has_failed_again(&self) -> bool {
        self.failed > 2
    }

    /// Records that a signed-in connection ended after `millis`.
    pub fn lasted(&mut self, millis: i64) {
        if millis >= GOOD_AFTER {
            self.reset();
        }
    }

    /// Resets the count of failed attempts.
    pub fn reset(&mut self) {
        self.failed = 0;
    }
}

/// Parses the server's hint in the reason of a close frame: `retry_after_ms=N`.
pub fn retry_hint(reason: &str) -> Option<u64> {
    reason.split([' ', ';', ',']).find_map(|part| part.strip_prefix("retry_after_ms=")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempt_is_too_quick_to_be_noticed_and_later_ones_wait_longer() {
        let mut backoff = Backoff::default();
        let waits: Vec<u32> = (0..8).map(|_| backoff.next(1.0, None)).collect();
        assert_eq!(waits, [300, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
        let mut backoff = Backoff { failed: u32::MAX };
        assert_eq!(backoff.next(0.0, None), 10_000);
    }

    #[test]
    fn the_servers_wish_is_kept_but_not_by_everybody_at_once() {
        assert_eq!(Backoff::default().next(0.0, Some(1_500)), 1_500);
        assert_eq!(Backoff::default().next(1.0, Some(1_500)), 1_800);
        assert_eq!(retry_hint("retry_after_ms=750"), Some(750));
        assert_eq!(retry_hint("bye"), None);
    }

    #[test]
    fn only_a_connection_that_lasted_starts_the_count_anew() {
        let mut backoff = Backoff { failed: 3 };
        backoff.lasted(5_000);
        assert_eq!(backoff, Backoff { failed: 3 });
        backoff.lasted(60_000);
        assert_eq!(backoff, Backoff::default());
    }
}
