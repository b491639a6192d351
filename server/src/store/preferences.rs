//! The port to what accounts prefer: their favourites, the rooms that they muted, and whom they blocked.

use async_trait::async_trait;
use shared::{RoomAddress, UserId};

use super::StoreError;

/// What an account prefers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferred {
    /// In the order of the owner.
    pub favourites: Vec<RoomAddress>,
    pub muted: Vec<RoomAddress>,
    pub blocked: Vec<UserId>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    Changed,
    /// It was so before.
    Same,
    /// There are as many as there may be.
    Full,
    /// There is no such account.
    NoAccount,
}

/// Storage of what accounts prefer. It goes with the account. What a method has returned survives a crash of the machine.
#[async_trait]
pub trait PreferenceStore: Send + Sync {
    /// Returns what an account prefers.
    async fn preferred(&self, user: UserId) -> Result<Preferred, StoreError>;

    /// Returns everybody who blocked somebody, with each of those.
    async fn blocks(&self) -> Result<Vec<(UserId, UserId)>, StoreError>;

    /// Replaces the favourites of an account.
    async fn set_favourites(&self, user: UserId, rooms: &[RoomAddress]) -> Result<Preference, StoreError>;

    /// Mutes a room for an account, or ends that.
    async fn set_room_muted(
        &self,
        user: UserId,
        room: &RoomAddress,
        muted: bool,
    ) -> Result<Preference, StoreError>;

    /// Blocks an account for another one, or ends that. [`Preference::NoAccount`] also if `other` is none.
    async fn set_blocked(&self, user: UserId, other: UserId, blocked: bool)
    -> Result<Preference, StoreError>;
}
