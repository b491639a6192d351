//! Bans from the server.

use std::net::IpAddr;

use shared::{Person, ShortText, Timestamp};

/// A ban that begins. It replaces an earlier one of the same user or address.
#[derive(Debug, Clone)]
pub struct NewServerBan {
    /// Who is banned, or whose address it is.
    pub user: Option<Person>,
    /// Nobody may come from there; `None`: only the user may not come.
    pub address: Option<IpAddr>,
    /// By the wall clock; `None`: until it is lifted.
    pub until: Option<Timestamp>,
    pub by: Person,
    pub reason: Option<ShortText>,
    pub timestamp: Timestamp,
}

impl NewServerBan {
    /// Whether this ban takes the place of another one.
    pub fn replaces(&self, other: &ServerBan) -> bool {
        let who = |user: &Option<Person>| user.as_ref().map(|user| user.user_id);
        match self.address {
            Some(_) => other.address == self.address,
            None => other.address.is_none() && who(&other.user) == who(&self.user),
        }
    }

    /// The ban as it was stored.
    pub fn with_id(self, id: u64) -> ServerBan {
        let Self { user, address, until, by, reason, timestamp } = self;
        ServerBan { id, user, address, until, by, reason, timestamp }
    }
}

/// A ban that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerBan {
    pub id: u64,
    pub user: Option<Person>,
    pub address: Option<IpAddr>,
    pub until: Option<Timestamp>,
    pub by: Person,
    pub reason: Option<ShortText>,
    pub timestamp: Timestamp,
}

impl ServerBan {
    /// Whether it has not ended by itself.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.until.is_none_or(|until| until > at)
    }
}
