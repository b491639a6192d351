//! Who is typing, and when to send the user's own typing notifications.

use shared::limits::TYPING_MILLIS;
use shared::{Timestamp, UserId, UserName};

/// Interval at which typing is sent again while it lasts, in milliseconds.
const REPEAT: i64 = 3_000;
/// The user has stopped typing after this time without a key press, in milliseconds.
const STOPPED_AFTER: i64 = 4_000;

/// The other members who are typing in one room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typists(Vec<(UserId, UserName, Timestamp)>);

impl Typists {
    /// A member started, continued or stopped typing at `now`.
    pub fn set(&mut self, user_id: UserId, username: UserName, is_typing: bool, now: Timestamp) {
        let until = Timestamp::from_millis(now.millis() + TYPING_MILLIS as i64);
        match self.0.iter_mut().find(|(id, ..)| *id == user_id) {
            _ if !is_typing => self.remove(user_id),
            Some(known) => *known = (user_id, username, until),
            None => self.0.push((user_id, username, until)),
        }
    }

    /// A member posted or left.
    pub fn remove(&mut self, user_id: UserId) {
        self.0.retain(|(id, ..)| *id != user_id);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether anybody's typing has expired at `now`.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.0.iter().any(|(.., until)| *until <= now)
    }

    /// Removes those whose typing has expired.
    pub fn expire(&mut self, now: Timestamp) {
        self.0.retain(|(.., until)| *until > now);
    }

    /// Whether anybody is typing.
    pub const fn is_anybody(&self) -> bool {
        !self.0.is_empty()
    }

    pub fn names(&self) -> Vec<UserName> {
        self.0.iter().map(|(_, name, _)| name.clone()).collect()
    }
}

/// The state of the user's own typing notifications. Each method returns what to send now, if anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnTyping {
    told: Option<Timestamp>,
    touched: Option<Timestamp>,
}

impl OwnTyping {
    /// The text changed, and is `empty` or not.
    pub fn changed(&mut self, empty: bool, now: Timestamp) -> Option<bool> {
        if empty {
            return self.stopped();
        }
        self.touched = Some(now);
        if self.told.is_some_and(|told| now.millis() - told.millis() < REPEAT) {
            return None;
        }
        self.told = Some(now);
        Some(true)
    }

    /// The text was sent, or its box lost focus.
    pub fn stopped(&mut self) -> Option<bool> {
        self.touched = None;
        self.told.take().map(|_| false)
    }

    /// Called with the current time.
    pub fn tick(&mut self, now: Timestamp) -> Option<bool> {
        let idle = now.millis() - self.touched?.millis();
        if idle >= STOPPED_AFTER { self.stopped() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn typing_is_gone_after_six_seconds_without_word() {
        let mut typists = Typists::default();
        let anna = UserId::new(uuid::Uuid::from_u128(1));
        typists.set(anna, UserName::new("Anna").unwrap(), true, at(0));
        assert!(!typists.is_stale(at(5_999)));
        assert!(typists.is_stale(at(6_000)));
        typists.expire(at(6_000));
        assert!(typists.names().is_empty());
    }

    #[test]
    fn own_typing_is_told_every_three_seconds_and_once_when_it_ends() {
        let mut own = OwnTyping::default();
        assert_eq!(own.changed(false, at(0)), Some(true));
        assert_eq!(own.changed(false, at(2_999)), None);
        assert_eq!(own.changed(false, at(3_000)), Some(true));
        assert_eq!(own.tick(at(6_999)), None);
        assert_eq!(own.tick(at(7_000)), Some(false));
        assert_eq!(own.tick(at(9_000)), None);
        assert_eq!(own.changed(true, at(9_000)), None);
    }

    #[test]
    fn sending_and_emptying_end_it_at_once() {
        let mut own = OwnTyping::default();
        own.changed(false, at(0));
        assert_eq!(own.changed(true, at(10)), Some(false));
        own.changed(false, at(20));
        assert_eq!(own.stopped(), Some(false));
        assert_eq!(own.stopped(), None);
    }
}
