//! Accounts as administrators see them.

use super::Role;
use crate::body::Body;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::id::UserId;
use crate::text::UserName;
use crate::time::Timestamp;

object! {
    /// An account in the list of all.
    pub struct ListedUser {
        pub user_id: UserId = need,
        pub name: UserName = need,
        pub role: Role = need,
        /// Nobody can sign in.
        pub disabled: bool = need,
        pub created_at: Timestamp = need,
        /// When it was last used, if it is signed in anywhere.
        pub used_at: Option<Timestamp> = get,
        /// The confirmed mail address.
        pub mail: Option<String> = get,
    }
}

object! {
    /// A page of accounts, by name.
    pub struct Users {
        pub users: Vec<ListedUser> = need,
        /// Whether there are more.
        pub more: bool = need,
    }
}

/// The body of a change of somebody's account. What is missing stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UserChange {
    pub role: Option<Role>,
    pub disabled: Option<bool>,
}

impl UserChange {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        let wrong = |message| Failure::new(ErrorCode::InvalidField, message).in_field("role");
        let role = body.text("role")?.map(|role| role.parse().map_err(wrong)).transpose()?;
        Ok(Self { role, disabled: body.get("disabled")? })
    }
}
