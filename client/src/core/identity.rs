//! The identity of this page towards the server. A guest is bound to its tab.

use serde::{Deserialize, Serialize};
use shared::{UserId, UserName};

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
}
