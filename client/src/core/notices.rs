//! Short notices to the user that disappear by themselves.

use shared::{Failure, MessageText, RoomAddress, ShortText, Timestamp, UserName};

use super::requests::NoAnswer;

/// How long a notice stays, in milliseconds.
const STAYS: i64 = 12_000;
/// How long one stays of which there is no other trace.
const STAYS_LONG: i64 = 24 * 3_600_000;
/// Maximum number of notices at once; the oldest one is dropped, if possible one that goes by itself.
const MOST: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The name was taken; the server assigned another one.
    Renamed {
        /// The requested name.
        asked: UserName,
        /// The assigned name.
        got: UserName,
    },
    /// The server no longer knows this guest.
    NewGuest(UserName),
    /// The message that an address names does not exist in its room.
    NoSuchMessage,
    /// A room could not be joined.
    NotJoined(RoomAddress, Failure),
    /// The user is in a private room from now on.
    Invited { room: RoomAddress, by: UserName },
    /// Somebody removed the user from a room.
    Removed { room: RoomAddress, title: Option<String>, by: UserName, reason: Option<ShortText> },
    /// An administrator tells everybody something.
    Announced { by: UserName, content: MessageText },
    /// The user invited somebody, who is a member now.
    Added(UserName),
    /// Somebody could not be invited.
    NotAdded(UserName, Failure),
    /// The link of a message was copied.
    LinkCopied,
    /// The text of a message was copied.
    TextCopied,
    /// A room was muted, or is not any more.
    Muted(bool),
    /// The browser did not allow copying.
    NotCopied,
    /// There is no connection.
    Offline,
    /// Another request was refused.
    Refused(Failure),
}

/// What was asked for did not happen.
impl From<NoAnswer> for About {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Offline => Self::Offline,
            NoAnswer::Refused(failure) => Self::Refused(failure),
        }
    }
}

impl About {
    /// Whether there is no other trace of it, so that it waits to be read.
    const fn stays(&self) -> bool {
        matches!(self, Self::Removed { .. } | Self::Announced { .. })
    }
}

/// A notice with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Unique, ascending.
    pub number: u32,
    pub about: About,
    until: Timestamp,
}

/// The current notices, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    list: Vec<Notice>,
    given: u32,
}

impl Notices {
    /// Shows a notice from `now` on. It replaces an equal one.
    pub fn show(&mut self, about: About, now: Timestamp) {
        self.list.retain(|notice| notice.about != about);
        self.given += 1;
        let stays = if about.stays() { STAYS_LONG } else { STAYS };
        let until = Timestamp::from_millis(now.millis() + stays);
        self.list.push(Notice { number: self.given, about, until });
        if self.list.len() > MOST {
            let least = self.list.iter().position(|notice| !notice.about.stays());
            self.list.remove(least.unwrap_or(0));
        }
    }

    /// Removes a notice.
    pub fn dismiss(&mut self, number: u32) {
        self.list.retain(|notice| notice.number != number);
    }

    /// Whether any notice has expired.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.list.iter().any(|notice| notice.until <= now)
    }

    /// Removes expired notices.
    pub fn expire(&mut self, now: Timestamp) {
        self.list.retain(|notice| notice.until > now);
    }

    pub fn list(&self) -> &[Notice] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_go_by_themselves_and_are_not_repeated() {
        let mut notices = Notices::default();
        notices.show(About::Offline, Timestamp::from_millis(0));
        notices.show(About::Offline, Timestamp::from_millis(10));
        assert_eq!(notices.list().len(), 1);
        assert!(!notices.is_stale(Timestamp::from_millis(STAYS)));
        notices.expire(Timestamp::from_millis(STAYS + 10));
        assert!(notices.list().is_empty());
    }

    #[test]
    fn an_announcement_waits_to_be_read() {
        let mut notices = Notices::default();
        let content = MessageText::new("Maintenance at six").unwrap();
        let by = UserName::new("花子").unwrap();
        notices.show(About::Announced { by, content }, Timestamp::from_millis(0));
        for muted in [true, false] {
            notices.show(About::Muted(muted), Timestamp::from_millis(1));
        }
        notices.show(About::Offline, Timestamp::from_millis(1));
        notices.expire(Timestamp::from_millis(STAYS + 10));
        assert!(matches!(notices.list(), [Notice { about: About::Announced { .. }, .. }]));
    }
}
