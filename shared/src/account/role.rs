//! What an account may do in the whole installation.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The role of an account. Each may do what the ones before it may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    #[default]
    Member,
    /// Invites people and helps them with lost passwords.
    Admin,
    /// Decides who may come in, and helps administrators too.
    Owner,
}

impl Role {
    /// The role as sent on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl FromStr for Role {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Member, Self::Admin, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or("a role is member, admin or owner")
    }
}
