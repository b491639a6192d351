//! Who has blocked whom. Every message in a conversation of two is checked against it, so it is in memory; the store
//! keeps it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use shared::{ErrorCode, Failure, RoomKind, UserId};

use super::Session;
use crate::error::Error;
use crate::room::RoomInfo;
use crate::store::{AccountStore, StoreError};

/// The accounts that blocked somebody, with whom.
#[derive(Default)]
pub(super) struct Blocks {
    by: RwLock<HashMap<UserId, HashSet<UserId>>>,
    /// Whether anybody ever blocked somebody.
    any: AtomicBool,
}

impl Blocks {
    /// Restores them at the start.
    pub(super) async fn restore(store: &dyn AccountStore) -> Result<Self, StoreError> {
        let blocks = Self::default();
        for (user, other) in store.blocks().await? {
            blocks.set(user, other, true);
        }
        Ok(blocks)
    }

    /// Somebody blocks an account, or does not any more.
    pub(super) fn set(&self, user: UserId, other: UserId, blocked: bool) {
        let mut by = self.by.write().unwrap_or_else(PoisonError::into_inner);
        if blocked {
            self.any.store(true, Ordering::Release);
            by.entry(user).or_default().insert(other);
        } else if let Some(others) = by.get_mut(&user) {
            others.remove(&other);
            if others.is_empty() {
                by.remove(&user);
            }
        }
    }

    /// An account is gone.
    pub(super) fn forget(&self, account: UserId) {
        let mut by = self.by.write().unwrap_or_else(PoisonError::into_inner);
        by.remove(&account);
        by.retain(|_, others| {
            others.remove(&account);
            !others.is_empty()
        });
    }

    /// Whether `user` has blocked `other`.
    pub(super) fn has(&self, user: UserId, other: UserId) -> bool {
        self.any.load(Ordering::Acquire) && {
            let by = self.by.read().unwrap_or_else(PoisonError::into_inner);
            by.get(&user).is_some_and(|others| others.contains(&other))
        }
    }
}

impl Session {
    /// Whether the user may not write in a room because it is a conversation with somebody who blocked them.
    pub(super) fn is_blocked_in(&self, room: &RoomInfo) -> bool {
        room.kind == RoomKind::Direct
            && room.people.len() == 2
            && room.people.iter().any(|&other| self.chat.blocks.has(other, self.user))
    }

    /// Checks that the user may write in a room as far as that is up to who is in it.
    pub(super) fn check_block(&self, room: &RoomInfo) -> Result<(), Error> {
        if self.is_blocked_in(room) { Err(not_wanted().in_room(room.address.clone()).into()) } else { Ok(()) }
    }
}

/// Tells somebody who was blocked no more than they have to know.
pub(super) fn not_wanted() -> Failure {
    Failure::new(ErrorCode::Forbidden, "this person does not take messages from you")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_block_counts_in_one_direction_until_it_ends_or_one_of_the_two_is_gone() {
        let blocks = Blocks::default();
        let [one, two, three] = [1, 2, 3].map(|number| UserId::new(Uuid::from_u128(number)));
        blocks.set(one, two, true);
        blocks.set(one, three, true);
        blocks.set(three, two, true);
        assert!(blocks.has(one, two) && !blocks.has(two, one));
        blocks.set(one, two, false);
        assert!(!blocks.has(one, two) && blocks.has(one, three));
        blocks.forget(three);
        assert!(!blocks.has(one, three) && !blocks.has(three, two));
    }
}
