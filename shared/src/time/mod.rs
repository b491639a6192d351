//! Timestamps as they appear on the wire. The web client uses the browser's calendar instead of downloading one.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(target_arch = "wasm32")]
#[path = "browser.rs"]
mod calendar;
#[cfg(not(target_arch = "wasm32"))]
#[path = "native.rs"]
mod calendar;

/// Milliseconds since 1970 in UTC; on the wire RFC 3339 with milliseconds (`2026-11-23T04:05:06.789Z`). For display
/// only: events are ordered by `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Creates a timestamp from milliseconds since 1970 in UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 in UTC.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The moment so much later.
    #[must_use]
    pub const fn later(self, by: Duration) -> Self {
        Self(self.0.saturating_add(by.as_millis() as i64))
    }

    /// Parses RFC 3339.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        calendar::parse(text).map(Self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&calendar::format(self.0))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a time of RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_with_milliseconds_and_read_with_any_offset() {
        let time = Timestamp::from_millis(1_795_406_706_789);
        assert_eq!(time.to_string(), "2026-11-23T04:05:06.789Z");
        for text in ["2026-11-23T04:05:06.789Z", "2026-11-23T13:05:06.789123+09:00"] {
            assert_eq!(Timestamp::parse(text), Some(time), "{text}");
        }
        assert_eq!(Timestamp::parse("2026-11-23"), None);
        assert!(serde_json::from_str::<Timestamp>("\"yesterday\"").is_err());
    }
}
