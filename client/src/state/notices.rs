//! Short words to the person that go by themselves.

use shared::{Failure, RoomAddress, Timestamp, UserName};

/// A notice stays this long, in milliseconds.
const STAYS: i64 = 12_000;
/// At most so many at once; the oldest goes.
const MOST: usize = 3;

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The name was taken; this is the one the server gave.
    Renamed {
        /// The name asked for.
        asked: UserName,
        /// The name given.
        got: UserName,
    },
    /// The server does not know this guest any more.
    NewGuest(UserName),
    /// The session was ended by the server.
    SessionEnded,
    /// The message of an address is not in its room.
    NoSuchMessage,
    /// A room could not be joined.
    NotJoined(RoomAddress, Failure),
    /// The address of a message is on the clipboard.
    LinkCopied,
    /// The text of a message is on the clipboard.
    TextCopied,
    /// The browser did not allow that.
    NotCopied,
    /// There is no connection.
    Offline,
    /// Something else was refused.
    Refused(Failure),
}

/// A notice with the name that the page knows it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Counts up.
    pub number: u32,
    /// What it is about.
    pub about: About,
    until: Timestamp,
}

/// The notices on the page, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    list: Vec<Notice>,
    given: u32,
}

impl Notices {
    /// Shows one from `now` on. The same one twice is shown once.
    pub fn show(&mut self, about: About, now: Timestamp) {
        self.list.retain(|notice| notice.about != about);
        self.given += 1;
        let until = Timestamp::from_millis(now.millis() + STAYS);
        self.list.push(Notice { number: self.given, about, until });
        if self.list.len() > MOST {
            self.list.remove(0);
        }
    }

    /// Takes one away.
    pub fn dismiss(&mut self, number: u32) {
        self.list.retain(|notice| notice.number != number);
    }

    /// Whether one has been there long enough.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.list.iter().any(|notice| notice.until <= now)
    }

    /// Takes those away that have been there long enough.
    pub fn expire(&mut self, now: Timestamp) {
        self.list.retain(|notice| notice.until > now);
    }

    /// Those to show.
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
        notices.show(About::SessionEnded, Timestamp::from_millis(0));
        notices.show(About::SessionEnded, Timestamp::from_millis(10));
        assert_eq!(notices.list().len(), 1);
        assert!(!notices.is_stale(Timestamp::from_millis(STAYS)));
        notices.expire(Timestamp::from_millis(STAYS + 10));
        assert!(notices.list().is_empty());
    }
}
