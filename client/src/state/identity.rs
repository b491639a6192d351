//! Who this page is to the server. A guest lives in its tab.

use serde::{Deserialize, Serialize};
use shared::{UserId, UserName};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name asked for, then the name given.
    pub name: UserName,
    /// The id, once the server has told it.
    pub id: Option<UserId>,
    /// The secret that makes a later connection the same person.
    pub session: Option<String>,
}

impl Identity {
    /// Somebody who has given a name and was never connected.
    pub const fn newcomer(name: UserName) -> Self {
        Self { name, id: None, session: None }
    }
}
