//! Time as the servers on this data saw it pass. Ages are counted in it and not on the wall clock, which leaps: somebody
//! sets it, the machine sleeps or its battery is empty.

use std::time::Duration;

use shared::Timestamp;

/// A pause of at most this length between two runs counts as time that passed.
const COUNTED_PAUSE: i64 = 24 * 60 * 60 * 1_000;
/// A start later than this after the last moment noted may be a clock that is wrong.
const LATE: i64 = 60 * 60 * 1_000;
/// Smaller steps are how a clock is set right.
const LEAP: i64 = 60 * 1_000;
/// After a leap the wall clock must have run without another one for this long.
const STEADY: Duration = Duration::from_hours(1);

/// A moment, in milliseconds since one that means nothing. Later ones are never smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerTime(i64);

impl ServerTime {
    /// From milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// In milliseconds.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// So long after.
    #[must_use]
    pub fn after(self, passed: Duration) -> Self {
        Self(self.0.saturating_add(millis(passed)))
    }

    /// So long before.
    #[must_use]
    pub fn before(self, age: Duration) -> Self {
        Self(self.0.saturating_sub(millis(age)))
    }
}

/// Server time that was written down, and what the wall clock showed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// The moment.
    pub time: ServerTime,
    /// The wall clock.
    pub wall: Timestamp,
}

/// What both clocks of the machine show.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// How long this run lasts.
    pub running: Duration,
    /// The wall clock.
    pub wall: Timestamp,
}

/// What a look at the clocks showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// They agree, as before.
    Nothing,
    /// The wall clock is so many milliseconds from where it should be: ahead or, negative, behind.
    Leap(i64),
    /// It has not leapt for an hour, for the first time since it did.
    Steady,
}

/// Server time in this run, and whether the wall clock leapt lately.
#[derive(Debug)]
pub struct Reckoning {
    /// Server time when this run began.
    start: ServerTime,
    last: Reading,
    /// When in this run the wall clock leapt, unless that is an hour ago.
    leapt: Option<Duration>,
}

impl Reckoning {
    /// Goes on from what an earlier run noted. A pause that may be a leap is not counted.
    pub fn begin(noted: Noted, now: Reading) -> (Self, Seen) {
        let pause = now.wall.millis().saturating_sub(noted.wall.millis());
        let counted = if (0..=COUNTED_PAUSE).contains(&pause) { pause } else { 0 };
        let is_leap = !(-LEAP..=LATE).contains(&pause);
        let start = ServerTime(noted.time.0.saturating_add(counted)).before(now.running);
        let this = Self { start, last: now, leapt: is_leap.then_some(now.running) };
        (this, if is_leap { Seen::Leap(pause) } else { Seen::Nothing })
    }

    /// Compares the clocks.
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

    /// Server time when this run lasted so long.
    pub fn at(&self, running: Duration) -> ServerTime {
        self.start.after(running)
    }

    /// Whether the wall clock has been steady for long enough that things may be removed for their age.
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
        /// Whatever the wall clock shows while the server runs and when it starts, server time never goes back, never
        /// goes faster than the server ran but for one day a start, and a leap is followed by an hour without removals.
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
