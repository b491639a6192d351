//! Identifies rooms in all parts of the server.

use std::sync::Arc;

use shared::{Epoch, RoomAddress, RoomDetails, RoomKind, UserId};

/// The store's id of a room. Never leaves the server: on the wire, rooms are named by [`RoomAddress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub u32);

/// What is known of a room when it is opened. Two of them are the same room if they have the same log.
#[derive(Debug, Clone)]
pub struct RoomInfo {
    pub id: RoomId,
    pub address: RoomAddress,
    pub kind: RoomKind,
    /// The log that its `seq` counts in.
    pub epoch: Epoch,
    /// Whose direct conversation it is, in order; empty for any other room.
    pub people: Arc<[UserId]>,
    /// Whether the room stays when nobody is in it.
    pub permanent: bool,
    /// What it told of itself then. The hub knows what it tells now.
    pub details: Arc<RoomDetails>,
}

impl RoomInfo {
    /// Whether only its members know that it exists.
    pub fn is_private(&self) -> bool {
        self.kind != RoomKind::Public
    }
}

impl PartialEq for RoomInfo {
    fn eq(&self, other: &Self) -> bool {
        (self.id, self.epoch) == (other.id, other.epoch)
    }
}

impl Eq for RoomInfo {}
