//! Bans from the server, as administrators decide them.

use std::net::IpAddr;

use crate::body::Body;
use crate::command::Whom;
use crate::event::Person;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::id::UserId;
use crate::limits::{REASON_CHARS, RESTRICTION_SECONDS};
use crate::text::{ShortText, UserName};
use crate::time::Timestamp;

/// Whom a ban is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BanTarget {
    User(Whom),
    Address(IpAddr),
}

/// The body of a request to ban somebody from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBan {
    pub target: BanTarget,
    /// How long; `None`: until it is lifted.
    pub seconds: Option<u32>,
    pub reason: Option<ShortText>,
    /// Whether the addresses that the user is connected from are banned too.
    pub with_addresses: bool,
}

impl NewBan {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        let wrong = |field: &'static str, message: String| {
            Failure::new(ErrorCode::InvalidField, message).in_field(field)
        };
        let address = body.text("address")?.map(|address| {
            address.parse().map_err(|_| wrong("address", "\"address\" is no IP address".to_owned()))
        });
        let target = match (address.transpose()?, body.get::<UserId>("user_id")?, super::maybe_name(&body)?) {
            (Some(address), None, None) => BanTarget::Address(address),
            (None, Some(id), None) => BanTarget::User(Whom::Id(id)),
            (None, None, Some(name)) => BanTarget::User(Whom::Name(name)),
            _ => {
                let message = "give one of \"name\", \"user_id\" and \"address\"";
                return Err(Failure::new(ErrorCode::MissingField, message).in_field("name"));
            }
        };
        let seconds = body.get("seconds")?;
        if seconds.is_some_and(|seconds| !(1..=RESTRICTION_SECONDS).contains(&seconds)) {
            return Err(wrong("seconds", format!("\"seconds\" must be 1 to {RESTRICTION_SECONDS}")));
        }
        let reason = body.text("reason")?.filter(|reason| !reason.trim().is_empty());
        let reason = reason.map(|reason| {
            ShortText::within(&reason, REASON_CHARS)
                .map_err(|error| wrong("reason", format!("\"reason\" {error}")))
        });
        let with_addresses = body.get("with_addresses")?.unwrap_or_default();
        Ok(Self { target, seconds, reason: reason.transpose()?, with_addresses })
    }
}

object! {
    /// The bans from the server that are in force.
    pub struct Bans {
        /// The newest first.
        pub bans: Vec<Ban> = need,
    }
}

object! {
    /// Somebody who may not come to the server, or an address that nobody may come from.
    pub struct Ban {
        pub id: u64 = need,
        pub user_id: Option<UserId> = get,
        /// The user's name at that time; of an address, of whom it was the address.
        pub user: Option<UserName> = get,
        /// An IPv6 address stands for its /64 network.
        pub address: Option<String> = get,
        /// When it ends by itself; `None`: when somebody lifts it.
        pub until: Option<Timestamp> = get,
        pub by: Person = need,
        pub reason: Option<ShortText> = get,
        pub timestamp: Timestamp = need,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ban_is_for_one_user_or_one_address() {
        let ban =
            NewBan::parse(r#"{"name":"Mallory","seconds":60,"reason":" ","with_addresses":true}"#).unwrap();
        assert_eq!(ban.target, BanTarget::User(Whom::Name(UserName::new("Mallory").unwrap())));
        assert_eq!((ban.seconds, ban.reason, ban.with_addresses), (Some(60), None, true));
        let ban = NewBan::parse(r#"{"address":"2001:db8::1"}"#).unwrap();
        assert_eq!((ban.target, ban.seconds), (BanTarget::Address("2001:db8::1".parse().unwrap()), None));
        for (body, field) in [
            ("{}", "name"),
            (r#"{"name":"Mallory","address":"::1"}"#, "name"),
            (r#"{"address":"example.org"}"#, "address"),
            (r#"{"name":"Mallory","seconds":0}"#, "seconds"),
            (r#"{"name":"Mallory","seconds":99999999}"#, "seconds"),
        ] {
            assert_eq!(NewBan::parse(body).unwrap_err().field.as_deref(), Some(field), "{body}");
        }
    }
}
