//! What is read for somebody who wants what the store holds of them.

use shared::{MessageText, RoomEvent, Seq};

use crate::room::RoomId;

/// What binds somebody to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bond {
    pub room: RoomId,
    /// They are a member.
    pub member: bool,
    /// The read mark, which outlives the membership.
    pub read: Option<Seq>,
}

/// An event of a room's log by somebody. A message is in its present state, without the reactions, which are of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthoredEvent {
    pub event: RoomEvent,
    /// The first text of a message that was edited.
    pub original: Option<MessageText>,
}

/// Events by somebody in a room, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authored {
    pub events: Vec<AuthoredEvent>,
    /// After which seq to go on; `None` at the end.
    pub next: Option<Seq>,
}
