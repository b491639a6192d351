//! What accounts prefer.

use std::sync::atomic::Ordering;

use shared::{RoomAddress, UserId};

use super::Accounts;
use crate::store::{Preference, Preferred, StoreError};

impl Accounts {
    /// Returns what an account prefers.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn preferred(&self, user: UserId) -> Result<Preferred, StoreError> {
        self.store.preferred(user).await
    }

    /// Replaces the favourites of an account.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn set_favourites(
        &self,
        user: UserId,
        rooms: &[RoomAddress],
    ) -> Result<Preference, StoreError> {
        self.changed_preference(self.store.set_favourites(user, rooms).await)
    }

    /// Mutes a room for an account, or ends that.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn set_room_muted(
        &self,
        user: UserId,
        room: &RoomAddress,
        muted: bool,
    ) -> Result<Preference, StoreError> {
        self.changed_preference(self.store.set_room_muted(user, room, muted).await)
    }

    /// Blocks an account for another one, or ends that.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn set_blocked(
        &self,
        user: UserId,
        other: UserId,
        blocked: bool,
    ) -> Result<Preference, StoreError> {
        self.changed_preference(self.store.set_blocked(user, other, blocked).await)
    }

    /// A number that grows with every change of what somebody prefers, before that is told.
    pub fn preference_changes(&self) -> u64 {
        self.preference_changes.load(Ordering::Acquire)
    }

    fn changed_preference(&self, became: Result<Preference, StoreError>) -> Result<Preference, StoreError> {
        self.preference_changes.fetch_add(1, Ordering::Release);
        became
    }
}
