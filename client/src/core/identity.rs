//! The identity of this page towards the server. A guest is bound to its tab, an account to its browser.

use serde::{Deserialize, Serialize};
use shared::{UserId, UserName};

/// Storage key of the identity in a tab. Named after guests, who were there first; `public/gate.js` reads it.
pub const KEPT_AS: &str = "hiroba.guest";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The requested name, later the assigned one.
    pub name: UserName,
    /// `None` until the server has sent it.
    pub id: Option<UserId>,
    /// The secret with which a later connection resumes the same guest.
    pub session: Option<String>,
}

impl Identity {
    /// A guest who has chosen a name and was never connected.
    pub const fn newcomer(name: UserName) -> Self {
        Self { name, id: None, session: None }
    }

    /// An account.
    pub fn account(Known { id, name }: Known) -> Self {
        Self { name, id: Some(id), session: None }
    }

    /// Whether it is an account: it is known and needs no secret, because the browser keeps its tokens.
    pub const fn is_account(&self) -> bool {
        self.id.is_some() && self.session.is_none()
    }
}

/// The account that a browser is signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub id: UserId,
    pub name: UserName,
}
