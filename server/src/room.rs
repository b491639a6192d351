//! Identifies rooms in all parts of the server.

use shared::{Epoch, RoomAddress};

/// The store's id of a room. Never leaves the server: on the wire, rooms are named by [`RoomAddress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub u32);

/// What never changes about a room while its log exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomInfo {
    pub id: RoomId,
    pub address: RoomAddress,
    /// The log that its `seq` counts in.
    pub epoch: Epoch,
    /// Whether the room stays when nobody is in it.
    pub permanent: bool,
}
