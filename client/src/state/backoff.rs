//! How long to wait before connecting again.

/// The first attempt follows at once, so that a blip is not seen, in milliseconds.
const FIRST: f64 = 300.0;
/// The second attempt waits about this long, in milliseconds; each further one twice as long.
const BASE: f64 = 1_000.0;
/// No attempt waits longer, in milliseconds.
const LONGEST: f64 = 20_000.0;
/// A connection that lasted this long was a good one: counting starts anew, in milliseconds.
const GOOD_AFTER: i64 = 30_000;

/// Counts failed attempts and spreads the next ones, so that a server that comes back is not met by everybody
/// at the same moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backoff {
    failed: u32,
}

impl Backoff {
    /// Milliseconds until the next attempt. `jitter` is random in 0..1; `hint` is the server's own wish.
    pub fn next(&mut self, jitter: f64, hint: Option<u64>) -> u32 {
        let own = match self.failed {
            0 => FIRST * (0.3 + 0.7 * jitter),
            failed => {
                let doubled = BASE * 2_f64.powi(failed.saturating_sub(1).min(10) as i32);
                doubled.min(LONGEST) * (0.5 + 0.5 * jitter)
            }
        };
        self.failed = self.failed.saturating_add(1);
        // The wish is the same for everybody, so it is spread as well.
        let wished = hint.map_or(0.0, |millis| (millis as f64).min(LONGEST) * (1.0 + 0.2 * jitter));
        own.max(wished) as u32
    }

    /// Whether so many attempts failed that it is no coincidence.
    pub const fn has_failed_again(&self) -> bool {
        self.failed > 2
    }

    /// A signed-in connection ended after `millis`.
    pub fn lasted(&mut self, millis: i64) {
        if millis >= GOOD_AFTER {
            self.reset();
        }
    }

    /// Starts counting anew.
    pub fn reset(&mut self) {
        self.failed = 0;
    }
}

/// The server's wish in the reason of a close frame: `retry_after_ms=N`.
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
