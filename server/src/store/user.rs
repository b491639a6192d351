//! Users, and the sessions in which they are signed in.

use shared::{SessionId, UserId, UserName};

/// A user who is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: UserName,
}

/// A session that its client can resume with a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: User,
}

/// The SHA-256 hash of a session's secret.
pub type SecretHash = [u8; 32];
