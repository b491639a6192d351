//! Who may come in.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;

/// Who may create an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUp {
    /// Everybody.
    Open,
    /// Whoever has a link.
    #[default]
    Invitation,
    /// Nobody.
    Closed,
}

impl SignUp {
    /// As sent on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invitation => "invitation",
            Self::Closed => "closed",
        }
    }
}

impl FromStr for SignUp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Open, Self::Invitation, Self::Closed]
            .into_iter()
            .find(|sign_up| sign_up.as_str() == text)
            .ok_or("this is open, invitation or closed")
    }
}

object! {
    /// Who may come in.
    pub struct Entrance {
        /// Who may create an account.
        pub sign_up: SignUp = need,
        /// Whether guests may, who only give a name.
        pub guests: bool = need,
        /// Whether somebody owns the installation. Otherwise its operator has a link to become it.
        pub has_owner: bool = need,
        /// Whether the server mails links to those who forgot their password.
        pub mail: bool = added,
    }
}

/// What an owner decides; a field that is missing stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EntranceChange {
    pub sign_up: Option<SignUp>,
    pub guests: Option<bool>,
}

impl EntranceChange {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        let sign_up = body.text("sign_up")?.map(|text| {
            let wrong = |why| {
                Failure::new(ErrorCode::InvalidField, format!("\"sign_up\": {why}")).in_field("sign_up")
            };
            text.parse().map_err(wrong)
        });
        Ok(Self { sign_up: sign_up.transpose()?, guests: body.get("guests")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_what_changes() {
        let change = EntranceChange::parse(r#"{"sign_up":"closed"}"#).unwrap();
        assert_eq!(change, EntranceChange { sign_up: Some(SignUp::Closed), guests: None });
        assert_eq!(EntranceChange::parse(r#"{"guests":false}"#).unwrap().guests, Some(false));
        for (text, field) in [(r#"{"sign_up":"ajar"}"#, "sign_up"), (r#"{"guests":"on"}"#, "guests")] {
            let failure = EntranceChange::parse(text).unwrap_err();
            assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::InvalidField, Some(field)));
        }
    }
}
