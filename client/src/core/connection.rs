//! The state of the connection to the server.

use shared::{CloseCode, ErrorCode, Timestamp};

/// An outage shorter than this is a blip and not reported, in milliseconds.
const BLIP: i64 = 2_000;

/// Why the server does not want this page to reconnect automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The server closed the connection.
    Closed(CloseCode),
    /// The server refused to open a connection, or to sign in.
    Refused(ErrorCode),
}

/// The state of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    /// Not begun.
    #[default]
    None,
    /// Connecting or signing in.
    Connecting {
        /// When the connection was lost, or the first attempt began.
        since: Timestamp,
        /// See [`Connection::Waiting`].
        barred: bool,
    },
    /// Signed in.
    Online,
    /// Waiting for the next attempt.
    Waiting {
        /// When the connection was lost.
        since: Timestamp,
        /// When the next attempt starts.
        retry_at: Timestamp,
        /// The server is up and would accept this page, but no attempt got through to it.
        barred: bool,
    },
    /// The server does not want this page to reconnect automatically.
    Stopped(Stop),
}

/// The outage as reported to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// An attempt is in progress.
    Trying,
    /// Seconds until the next attempt.
    NextTryIn(u32),
    /// There will be no attempt unless the user asks for it.
    Stopped(Stop),
}

impl Connection {
    /// Whether requests can be sent.
    pub const fn is_online(self) -> bool {
        matches!(self, Self::Online)
    }

    /// Whether something between the page and the server blocks connections.
    pub const fn is_barred(self) -> bool {
        matches!(self, Self::Connecting { barred: true, .. } | Self::Waiting { barred: true, .. })
    }

    /// Since when there has been no connection.
    pub const fn lost_since(self) -> Option<Timestamp> {
        match self {
            Self::Connecting { since, .. } | Self::Waiting { since, .. } => Some(since),
            Self::None | Self::Online | Self::Stopped(_) => None,
        }
    }

    /// The outage to report at `now`; `None` during a blip.
    pub fn outage(self, now: Timestamp) -> Option<Outage> {
        if let Self::Stopped(stop) = self {
            return Some(Outage::Stopped(stop));
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
        let waiting = Connection::Waiting { since: at(0), retry_at: at(5_500), barred: false };
        assert_eq!(waiting.outage(at(1_999)), None);
        assert_eq!(waiting.outage(at(2_000)), Some(Outage::NextTryIn(4)));
        assert_eq!(waiting.outage(at(9_000)), Some(Outage::NextTryIn(1)));
        assert_eq!(
            Connection::Connecting { since: at(0), barred: false }.outage(at(3_000)),
            Some(Outage::Trying)
        );
        assert_eq!(Connection::Online.outage(at(3_000)), None);
    }

    #[test]
    fn what_is_refused_for_good_is_told_at_once() {
        let stop = Stop::Refused(ErrorCode::OriginNotAllowed);
        assert_eq!(Connection::Stopped(stop).outage(Timestamp::from_millis(0)), Some(Outage::Stopped(stop)));
    }
}
