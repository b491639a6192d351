//! What is known about the connection to the server.

use shared::{CloseCode, Timestamp};

/// A connection that is away for less than this is a blip that nobody is told of, in milliseconds.
const BLIP: i64 = 2_000;

/// How the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    /// Nobody has given a name yet.
    #[default]
    None,
    /// On the way: connecting or signing in.
    Connecting {
        /// When there was last a connection, or none was there for the first time.
        since: Timestamp,
    },
    /// Signed in.
    Online,
    /// Waiting for the next attempt.
    Waiting {
        /// When the connection was lost.
        since: Timestamp,
        /// When the next attempt starts.
        retry_at: Timestamp,
    },
    /// The server does not want this page back by itself.
    Stopped(CloseCode),
}

/// What a person is told about the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// An attempt is being made.
    Trying,
    /// The next attempt is in so many seconds.
    NextTryIn(u32),
    /// There will be no attempt unless somebody asks for it.
    Stopped(CloseCode),
}

impl Connection {
    /// Whether requests can be sent.
    pub const fn is_online(self) -> bool {
        matches!(self, Self::Online)
    }

    /// Since when there is no connection.
    pub const fn lost_since(self) -> Option<Timestamp> {
        match self {
            Self::Connecting { since } | Self::Waiting { since, .. } => Some(since),
            Self::None | Self::Online | Self::Stopped(_) => None,
        }
    }

    /// What a person is told at `now`; nothing during a blip.
    pub fn outage(self, now: Timestamp) -> Option<Outage> {
        if let Self::Stopped(code) = self {
            return Some(Outage::Stopped(code));
        }
        let away = now.millis() - self.lost_since()?.millis();
        if away < BLIP {
            return None;
        }
        match self {
            Self::Waiting { retry_at, .. } => {
                let left = (retry_at.millis() - now.millis()).max(0) as u64;
                Some(Outage::NextTryIn(left.div_ceil(1_000).max(1) as u32))
            }
            _ => Some(Outage::Trying),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blip_is_not_told_and_a_longer_outage_is() {
        let at = Timestamp::from_millis;
        let waiting = Connection::Waiting { since: at(0), retry_at: at(5_500) };
        assert_eq!(waiting.outage(at(1_999)), None);
        assert_eq!(waiting.outage(at(2_000)), Some(Outage::NextTryIn(4)));
        assert_eq!(waiting.outage(at(9_000)), Some(Outage::NextTryIn(1)));
        assert_eq!(Connection::Connecting { since: at(0) }.outage(at(3_000)), Some(Outage::Trying));
        assert_eq!(Connection::Online.outage(at(3_000)), None);
    }
}
