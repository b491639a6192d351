//! Server time: time as the servers on this data saw it pass. Ages are measured in it rather than on the wall clock,
//! which jumps: somebody sets it, the machine sleeps or its battery is empty.

use std::time::Duration;

use shared::Timestamp;

/// The longest pause between two runs that counts as elapsed time, in milliseconds.
const COUNTED_PAUSE: i64 = 24 * 60 * 60 * 1_000;
/// A start more than this many milliseconds after the last noted time may mean that the clock is wrong.
const LATE: i64 = 60 * 60 * 1_000;
/// Steps below this many milliseconds are ordinary clock adjustments.
const LEAP: i64 = 60 * 1_000;
/// After a leap, the wall clock must have run this long without another one.
const STEADY: Duration = Duration::from_hours(1);

/// A point in server time, in milliseconds since an arbitrary origin. Never decreases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerTime(i64);

impl ServerTime {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Adds a duration.
    #[must_use]
    pub fn after(self, passed: Duration) -> Self {
        Self(self.0.saturating_add(millis(passed)))
    }

    /// Subtracts a duration.
    #[must_use]
    pub fn before(self, age: Duration) -> Self {
        Self(self.0.saturating_sub(millis(age)))
    }
}

/// A stored server time with the wall clock at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    pub time: ServerTime,
    pub wall: Timestamp,
}

/// A reading of both clocks of the machine.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// How long this run has lasted.
    pub running: Duration,
    pub wall: Timestamp,
}

/// The result of comparing the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// They agree, as before.
    Nothing,
    /// The wall clock is off by this many milliseconds: ahead or, if negative, behind.
    Leap(i64),
    /// An hour has passed since the last leap; reported once.
    Steady,
}

/// Server time in this run, and whether the wall clock leapt recently.
#[derive(Debug)]
pub struct Reckoning {
    /// Server time when this run began.
    start: ServerTime,
    last: Reading,
    /// When in this run the wall clock last leapt; `None` once that is an hour ago.
    leapt: Option<Duration>,
}

impl Reckoning {
    /// Continues from what an earlier run noted. A pause that may be a leap is not counted.
    pub fn begin(noted: Noted, now: Reading) -> (Self, Seen) {
        let pause = now.wall.millis().saturating_sub(noted.wall.millis());
        let counted = if (0..=COUNTED_PAUSE).contains(&pause) { pause } else { 0 };
        let is_leap = !(-LEAP..=LATE).contains(&pause);
        let start = ServerTime(noted.time.0.saturating_add(counted)).before(now.running);
        let this = Self { start, last: now, leapt: is_leap.then_some(now.running) };
        (this, if is_leap { Seen::Leap(pause) } else { Seen::Nothing })
    }

    pub fn look(&mut self, now: Reading) -> Seen {
        let wall = now.wall.millis().saturating_sub(self.last.wall.millis());
        let leap = wall.saturating_sub(millis(now.running.saturating_sub(self.last.running)));
        self.last = now;
        if leap.saturating_abs() >= LEAP {
            self.leapt = Some(now.running);
            return Seen::Leap(leap);
        }
        if self.leapt.is_some_and(|leapt| now.running.saturating_sub(leapt) >= STEADY) {
            self.leapt = None;
            return Seen::Steady;
        }
        Seen::Nothing
    }

    /// Returns the server time at this point of the run.
    pub fn at(&self, running: Duration) -> ServerTime {
        self.start.after(running)
    }

    /// Returns whether the wall clock has been steady for long enough that things may be removed by age.
    pub fn may_remove(&self) -> bool {
        self.leapt.is_none()
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1_000;

    fn noted(millis: i64) -> Noted {
        Noted { time: ServerTime(millis), wall: Timestamp::from_millis(millis) }
    }

    fn reading(running: u64, wall: i64) -> Reading {
        Reading { running: Duration::from_millis(running), wall: Timestamp::from_millis(wall) }
    }

    #[test]
    fn a_short_pause_counts_and_one_of_eight_days_does_not() {
        for (pause, counted, removes) in [
            (0, 0, true),
            (60_000, 60_000, true),
            (-1_000, 0, true),
            (DAY / 2, DAY / 2, false),
            (8 * DAY, 0, false),
            (-8 * DAY, 0, false),
        ] {
            let (reckoning, seen) = Reckoning::begin(noted(100 * DAY), reading(0, 100 * DAY + pause));
            assert_eq!(reckoning.at(Duration::ZERO), ServerTime(100 * DAY + counted), "{pause}");
            assert_eq!(reckoning.may_remove(), removes, "{pause}");
            assert_eq!(seen == Seen::Nothing, removes, "{pause}");
        }
    }

    #[test]
    fn after_a_leap_nothing_is_removed_until_the_clock_was_steady_for_an_hour() {
        let hour = 60 * 60 * 1_000;
        let (mut reckoning, _) = Reckoning::begin(noted(0), reading(0, 0));
        assert_eq!(reckoning.look(reading(1_000, 1_000 + 8 * DAY)), Seen::Leap(8 * DAY));
        assert_eq!(reckoning.look(reading(4_000, 4_000)), Seen::Leap(-8 * DAY));
        for minute in 1..60 {
            let passed = 4_000 + minute * 60_000;
            assert_eq!(reckoning.look(reading(passed, passed as i64)), Seen::Nothing);
            assert!(!reckoning.may_remove());
        }
        assert_eq!(reckoning.look(reading(4_000 + hour, 4_000 + hour as i64)), Seen::Steady);
        assert!(reckoning.may_remove());
        assert_eq!(reckoning.look(reading(5_000 + hour, 34_000 + hour as i64)), Seen::Nothing, "set right");
        assert_eq!(reckoning.at(Duration::from_secs(5)), ServerTime(5_000));
    }

    proptest! {
        /// Whatever the wall clock shows at the start and during a run, server time never goes back and advances no
        /// faster than the server ran plus one day per start, and after a leap nothing is removed for an hour.
        #[test]
        fn no_wall_clock_makes_anything_older_than_it_is(
            runs in prop::collection::vec((any::<i64>(), prop::collection::vec((0u64..100_000, any::<i32>()), 0..20)), 1..6),
        ) {
            let (mut written, mut ran) = (noted(0), 0);
            for (number, (wall, looks)) in runs.iter().enumerate() {
                let (mut reckoning, seen) = Reckoning::begin(written, reading(0, *wall));
                prop_assert_eq!(matches!(seen, Seen::Leap(_)), !reckoning.may_remove());
                let (mut running, mut wall, mut before) = (0, *wall, written.time);
                let mut leapt = matches!(seen, Seen::Leap(_)).then_some(0);
                for &(passed, leap) in looks {
                    running += passed;
                    ran += passed;
                    wall = wall.saturating_add(passed as i64).saturating_add(i64::from(leap));
                    if let Seen::Leap(_) = reckoning.look(reading(running, wall)) {
                        leapt = Some(running);
                    }
                    prop_assert!(!reckoning.may_remove() || leapt.is_none_or(|at| running - at >= 3_600_000));
                    let now = reckoning.at(Duration::from_millis(running));
                    prop_assert!(now >= before);
                    prop_assert!(now.0 <= ran as i64 + (number as i64 + 1) * DAY);
                    before = now;
                }
                written = Noted { time: before, wall: Timestamp::from_millis(wall) };
            }
        }
    }
}
