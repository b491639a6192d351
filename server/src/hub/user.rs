//! Users with at least one connection, with a broken one that may resume, or accounts that are members of a room.

use shared::{PresenceStatus, UserName};

use crate::room::RoomId;

/// A lost connection is announced as `offline` after this long, in milliseconds: a blip is not an absence.
pub const OFFLINE_AFTER: u64 = 3_000;
/// A guest without connections leaves its rooms after this long, in milliseconds.
pub const LEAVES_AFTER: u64 = 60_000;

/// How long names and memberships of a user last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    /// As long as the connection: a demo client has no session to come back with.
    Demo,
    /// A minute after the last connection broke.
    Guest,
    /// Until the account leaves.
    Account,
}

#[derive(Debug)]
pub struct User {
    /// The name that the user got.
    pub name: UserName,
    pub kind: UserKind,
    pub connections: Vec<usize>,
    /// Connections that nobody sees: requests over HTTP.
    pub visits: Vec<usize>,
    pub rooms: Vec<RoomId>,
    /// When the last connection was lost, in milliseconds of the hub's clock.
    pub lost_at: Option<u64>,
}

impl User {
    /// Whether the store knows the user.
    pub fn is_stored(&self) -> bool {
        self.kind != UserKind::Demo
    }

    /// Returns the status that the others should see at `now`.
    pub fn status(&self, away: impl Fn(usize) -> bool, now: u64) -> PresenceStatus {
        match self.lost_at {
            Some(lost) if now >= lost + OFFLINE_AFTER => PresenceStatus::Offline,
            None if self.connections.iter().all(|&connection| away(connection)) => PresenceStatus::Away,
            Some(_) | None => PresenceStatus::Online,
        }
    }
}
