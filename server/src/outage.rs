//! Rate-limits the logging of store failures: every request meets the same cause, and an operator has to find the other
//! lines.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Minimum interval between two log lines about the same cause.
const QUIET: Duration = Duration::from_secs(10);

static LAST: Mutex<Option<Told>> = Mutex::new(None);

/// The cause that was logged last.
struct Told {
    cause: String,
    at: Instant,
    /// How often it occurred since.
    unsaid: u64,
}

/// Logs why the store failed: a new cause at once, the same one at most every 10 seconds, with the number of
/// occurrences in between.
pub fn tell(cause: &anyhow::Error) {
    let cause = format!("{cause:#}");
    let unsaid = Told::hear(&mut LAST.lock().unwrap_or_else(PoisonError::into_inner), &cause, Instant::now());
    match unsaid {
        None => {}
        Some(0) => tracing::error!(error = cause, "the store failed"),
        Some(more) => tracing::error!(error = cause, more, "the store fails"),
    }
}

impl Told {
    /// Returns the number of suppressed occurrences if this one is to be logged.
    fn hear(last: &mut Option<Self>, cause: &str, at: Instant) -> Option<u64> {
        let again = last.as_mut().filter(|told| told.cause == cause);
        let unsaid = match again {
            Some(told) if at.saturating_duration_since(told.at) < QUIET => {
                told.unsaid += 1;
                return None;
            }
            Some(told) => told.unsaid,
            None => 0,
        };
        *last = Some(Self { cause: cause.to_owned(), at, unsaid: 0 });
        Some(unsaid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_cause_is_told_at_once_and_then_now_and_then_with_how_often_it_was_met() {
        let (mut last, begun) = (None, Instant::now());
        let mut hear = |cause, millis| Told::hear(&mut last, cause, begun + Duration::from_millis(millis));
        assert_eq!(hear("full", 0), Some(0));
        assert_eq!(hear("full", 8), None);
        assert_eq!(hear("full", 9_999), None);
        assert_eq!(hear("full", 10_000), Some(2));
        assert_eq!(hear("full", 10_001), None);
        assert_eq!(hear("locked", 10_002), Some(0), "another cause waits for nothing");
        assert_eq!(hear("full", 10_003), Some(0));
    }
}
