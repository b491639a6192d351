//! How many mails are sent for whom: a mailbox is nothing to be flooded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use shared::UserId;
use tokio::time::Instant;

/// Mails within [`WITHIN`].
const MOST: usize = 3;
const WITHIN: Duration = Duration::from_hours(1);
/// Entries from which on those that are over are looked for.
const MANY: usize = 1_000;

/// What mails are counted for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Occasion {
    /// A link for the password of an account: strangers can ask for it.
    NewPassword(UserId),
    /// An account wants an address.
    Confirmation(UserId),
    /// Any account wants this address, by its key.
    Address(String),
}

/// Counts mails. A restart of the server forgets them.
#[derive(Default)]
pub(super) struct MailRates {
    is_off: bool,
    sent: Mutex<HashMap<Occasion, VecDeque<Instant>>>,
}

impl MailRates {
    pub(super) fn new(rate_limits: bool) -> Self {
        Self { is_off: !rate_limits, ..Self::default() }
    }

    /// Counts a mail at `now`.
    ///
    /// # Errors
    /// There were too many: how long to wait.
    pub(super) fn take(&self, occasion: Occasion, now: Instant) -> Result<(), Duration> {
        if self.is_off {
            return Ok(());
        }
        let is_over = |time: &Instant| now.duration_since(*time) >= WITHIN;
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() >= MANY {
            sent.retain(|_, times| times.back().is_some_and(|last| !is_over(last)));
        }
        let times = sent.entry(occasion).or_default();
        while times.front().is_some_and(is_over) {
            times.pop_front();
        }
        if let Some(first) = times.front().filter(|_| times.len() >= MOST) {
            return Err(WITHIN.saturating_sub(now.duration_since(*first)));
        }
        times.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn three_within_any_hour() {
        let (rates, begun) = (MailRates::new(true), Instant::now());
        let occasion = Occasion::NewPassword(UserId::new(Uuid::from_u128(1)));
        let take = |minutes| rates.take(occasion.clone(), begun + Duration::from_mins(minutes));
        assert_eq!((take(0), take(20), take(40)), (Ok(()), Ok(()), Ok(())));
        assert_eq!(take(50), Err(Duration::from_mins(10)));
        assert_eq!(take(60), Ok(()));
        assert_eq!(take(61), Err(Duration::from_mins(19)), "what was refused does not count");
        let other = Occasion::Confirmation(UserId::new(Uuid::from_u128(1)));
        assert_eq!(rates.take(other, begun + Duration::from_mins(61)), Ok(()));
        assert!((0..10).all(|_| MailRates::new(false).take(occasion.clone(), begun).is_ok()));
    }

    #[test]
    fn the_table_does_not_grow_for_ever() {
        let (rates, begun) = (MailRates::new(true), Instant::now());
        for number in 0..10 * MANY as u64 {
            let occasion = Occasion::Address(number.to_string());
            rates.take(occasion, begun + Duration::from_mins(number)).unwrap();
        }
        assert!(rates.sent.lock().unwrap().len() <= MANY);
    }
}
