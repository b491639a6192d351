//! Users with at least one connection, or with a broken one that may resume.

use shared::{PresenceStatus, UserName};

use crate::room::RoomId;

/// A lost connection is announced as `offline` after this long, in milliseconds: a blip is not an absence.
pub const OFFLINE_AFTER: u64 = 3_000;
/// A guest without connections leaves its rooms after this long, in milliseconds.
pub const LEAVES_AFTER: u64 = 60_000;

#[derive(Debug)]
pub struct User {
    /// The name that the user got.
    pub name: UserName,
    /// Whether the user may resume after their last connection broke.
    pub resumable: bool,
    pub connections: Vec<usize>,
    pub rooms: Vec<RoomId>,
    /// When the last connection was lost, in milliseconds of the hub's clock.
    pub lost_at: Option<u64>,
}

impl User {
    /// Returns the status that the others should see at `now`.
    pub fn status(&self, away: impl Fn(usize) -> bool, now: u64) -> PresenceStatus {
        match self.lost_at {
            Some(lost) if now >= lost + OFFLINE_AFTER => PresenceStatus::Offline,
            None if self.connections.iter().all(|&connection| away(connection)) => PresenceStatus::Away,
            Some(_) | None => PresenceStatus::Online,
        }
    }
}
