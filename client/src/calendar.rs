//! Days of the reader's calendar.

use shared::Timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A day of the reader's calendar: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Day {
    /// The day of `at` for a clock that is `ahead` minutes ahead of UTC.
    pub const fn of(at: Timestamp, ahead: i64) -> Self {
        Self((at.millis() + ahead * MINUTE).div_euclid(DAY))
    }

    /// The first millisecond of the day, taken as UTC.
    pub const fn utc_millis(self) -> i64 {
        self.0 * DAY
    }
}

/// How a day is displayed, relative to `today`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayName {
    Today,
    Yesterday,
    /// Any other day, shown as a date.
    Date(Day),
}

impl DayName {
    pub const fn of(day: Day, today: Day) -> Self {
        match today.0 - day.0 {
            0 => Self::Today,
            1 => Self::Yesterday,
            _ => Self::Date(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKYO: i64 = 9 * 60;
    const NEW_YORK: i64 = -5 * 60;

    #[test]
    fn the_same_moment_is_another_day_elsewhere() {
        // 2026-11-23T22:00Z is already the 24th in Tokyo.
        let at = Timestamp::from_millis(1_795_471_200_000);
        assert_eq!(Day::of(at, TOKYO).0, Day::of(at, NEW_YORK).0 + 1);
    }

    #[test]
    fn times_before_1970_belong_to_the_day_they_are_in() {
        assert_eq!(Day::of(Timestamp::from_millis(-1), 0), Day(-1));
    }

    #[test]
    fn midnight_moves_today_to_yesterday() {
        assert_eq!(DayName::of(Day(5), Day(5)), DayName::Today);
        assert_eq!(DayName::of(Day(5), Day(6)), DayName::Yesterday);
        assert_eq!(DayName::of(Day(5), Day(7)), DayName::Date(Day(5)));
    }
}
