//! Users, and the sessions in which they are signed in.

use shared::{RoomRole, Seq, SessionId, UserId, UserName};

/// A user who is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: UserName,
    /// An account; otherwise a guest.
    pub is_account: bool,
}

/// A member of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub user: User,
    /// The read mark, if there is one.
    pub read: Option<Seq>,
    /// What they are in the room.
    pub role: RoomRole,
    /// Whether it is a conversation that is not in their list.
    pub closed: bool,
}

/// A session that its client can resume with a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: User,
}

/// The SHA-256 hash of a session's secret.
pub type SecretHash = [u8; 32];
