//! Links that let people into a room.

use std::sync::Arc;

use shared::{Timestamp, UserId};
use uuid::Uuid;

use super::{At, NewMembership, SecretHash};
use crate::room::RoomInfo;
use crate::server_time::ServerTime;

/// A link into a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomLink {
    pub id: Uuid,
    pub room: Arc<RoomInfo>,
    pub made_by: UserId,
    pub made_at: Timestamp,
    /// It ends when server time has reached this …
    pub ends_at: ServerTime,
    /// … or the clock this: it may run while no server does.
    pub expires_at: Timestamp,
    /// How many may still use it.
    pub uses_left: u32,
}

/// A link that somebody uses.
#[derive(Debug, Clone)]
pub struct RoomLinkUse {
    pub secret: SecretHash,
    /// The present.
    pub at: At,
    /// The membership that follows from it, as an invitation by who made the link. Those of public rooms are stored
    /// behind.
    pub membership: Option<NewMembership>,
}
