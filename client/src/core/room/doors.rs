//! What a room tells of itself, and what the user is and may do in it.

use std::sync::Arc;

use shared::{Change, Joined, Privilege, RoomDetails, RoomKind, RoomRole};

/// What is known of a room beside its log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doors {
    pub kind: RoomKind,
    pub details: Arc<RoomDetails>,
    /// What the user is in the room.
    pub role: RoomRole,
    may: Vec<Privilege>,
}

impl Doors {
    /// What the answer to a join tells.
    pub(super) fn of(joined: &Joined) -> Self {
        Self {
            kind: joined.kind,
            details: Arc::new(joined.details.clone()),
            role: joined.role,
            may: joined.may.clone(),
        }
    }

    /// The user is, and may do, this from now on.
    pub fn stand(&mut self, role: RoomRole, may: Vec<Privilege>) {
        self.role = role;
        self.may = may;
    }

    /// Applies an event of the log.
    pub(super) fn follow(&mut self, change: &Change) {
        if let Change::DetailsChanged(details) = change {
            self.details = Arc::new(details.clone());
        }
    }

    /// Whether the user may do this in the room.
    pub fn may(&self, privilege: Privilege) -> bool {
        self.may.contains(&privilege)
    }
}
