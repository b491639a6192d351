//! A room as every part of the server names it.

use shared::{Epoch, RoomAddress};

/// The store's number for a room. It never leaves the server: the wire knows a [`RoomAddress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub u32);

/// What never changes about a room while its log exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomInfo {
    /// The store's number.
    pub id: RoomId,
    /// The name on the wire.
    pub address: RoomAddress,
    /// Which log its `seq` counts in.
    pub epoch: Epoch,
    /// Stays when nobody is in it.
    pub permanent: bool,
}
