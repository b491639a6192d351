//! Whose name or profile was changed not long ago: clients that were away may know another one.

use std::collections::HashMap;

use shared::UserId;

/// How many changes whoever comes back is told, the newest ones.
const TOLD: usize = 500;

/// Accounts that were changed or deleted, in the order in which that happened.
#[derive(Default)]
pub(super) struct Changed {
    places: HashMap<UserId, u64>,
    /// How many changes there were.
    count: u64,
}

impl Changed {
    pub(super) fn add(&mut self, user: UserId) {
        self.count += 1;
        self.places.insert(user, self.count);
    }

    pub(super) fn contains(&self, user: UserId) -> bool {
        self.places.contains_key(&user)
    }

    /// Returns how many changes there were, and the users of the newest ones after the first `count`.
    pub(super) fn since(&self, count: u64) -> (u64, Vec<UserId>) {
        if count >= self.count {
            return (self.count, Vec::new());
        }
        let places = self.places.iter().map(|(&user, &place)| (place, user));
        let mut since: Vec<(u64, UserId)> = places.filter(|(place, _)| *place > count).collect();
        since.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
        since.truncate(TOLD);
        (self.count, since.into_iter().map(|(_, user)| user).collect())
    }
}

impl FromIterator<UserId> for Changed {
    fn from_iter<T: IntoIterator<Item = UserId>>(users: T) -> Self {
        let mut changed = Self::default();
        users.into_iter().for_each(|user| changed.add(user));
        changed
    }
}
