//! Links that let somebody in: the owner's, invitations, and those for a new password. Their secrets stand in the fragment
//! of an address (`/#invite=…`), which browsers send to nobody; the page posts them with its form.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::{name, password};
use crate::body::Body;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::limits::{INVITATION_DAYS, INVITATION_USES};
use crate::password::Password;
use crate::text::UserName;
use crate::time::Timestamp;

/// Hexadecimal digits of a secret.
const DIGITS: usize = 32;

/// The secret of a link: 128 random bits as hexadecimal digits. Not shown in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkSecret(String);

impl LinkSecret {
    /// Checks the form of a secret; `None` if it has another one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let is_secret = text.len() == DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_secret.then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the field `link` of a request.
    pub(crate) fn of(body: &Body<'_>) -> Result<Option<Self>, Failure> {
        let text = body.text("link")?;
        let wrong = || Failure::new(ErrorCode::LinkEnded, "\"link\" is no secret of a link").in_field("link");
        text.map(|text| Self::new(text).ok_or_else(wrong)).transpose()
    }

    /// [`Self::of`] where there must be one.
    pub(crate) fn needed(body: &Body<'_>) -> Result<Self, Failure> {
        let missing = || Failure::new(ErrorCode::MissingField, "\"link\" is missing").in_field("link");
        Self::of(body)?.ok_or_else(missing)
    }
}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(…)")
    }
}

impl Serialize for LinkSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LinkSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?)
            .ok_or_else(|| serde::de::Error::custom("no secret of a link"))
    }
}

/// The body of a request for an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NewInvitation {
    /// How long it can be used, in seconds.
    pub expires_in: u32,
    /// How many may use it; `None`: as many as like.
    pub uses: Option<u32>,
}

impl NewInvitation {
    /// Parses the body of a request. Without values it is for one person and a week.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        let is_unlimited = body.get("unlimited")?.unwrap_or(false);
        let uses = body.get("uses")?.unwrap_or(1);
        let expires_in = body.get("expires_in")?.unwrap_or(7 * 24 * 60 * 60);
        Self::new(expires_in, (!is_unlimited).then_some(uses))
    }

    /// Checks the bounds of an invitation.
    ///
    /// # Errors
    /// One of the values is out of its bounds.
    pub fn new(expires_in: u32, uses: Option<u32>) -> Result<Self, Failure> {
        within("expires_in", expires_in, 60..=INVITATION_DAYS * 24 * 60 * 60)?;
        uses.map_or(Ok(()), |uses| within("uses", uses, 1..=INVITATION_USES))?;
        Ok(Self { expires_in, uses })
    }
}

fn within(field: &'static str, number: u32, range: std::ops::RangeInclusive<u32>) -> Result<(), Failure> {
    if range.contains(&number) {
        return Ok(());
    }
    let message = format!("\"{field}\" must be {} to {}", range.start(), range.end());
    Err(Failure::new(ErrorCode::InvalidField, message).in_field(field))
}

object! {
    /// A link that was just made. Its secret is told once.
    pub struct NewLink {
        pub id: Uuid = need,
        pub link: LinkSecret = need,
        pub expires_at: Timestamp = need,
    }
}

object! {
    /// The invitations that can be used.
    pub struct Invitations {
        /// The newest first.
        pub invitations: Vec<Invitation> = need,
    }
}

object! {
    /// An invitation.
    pub struct Invitation {
        pub id: Uuid = need,
        /// Who made it; nobody if it was an operator.
        pub made_by: Option<UserName> = get,
        pub made_at: Timestamp = need,
        pub expires_at: Timestamp = need,
        /// How often it may still be used; `None`: as often as one likes.
        pub uses_left: Option<u32> = get,
    }
}

/// The body of a request for a link with which somebody gives themselves a new password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewReset {
    /// The name of the account.
    pub name: UserName,
}

impl NewReset {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { name: name(&Body::of(text)?)? })
    }
}

/// The body of a request that uses such a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PasswordReset {
    pub link: LinkSecret,
    pub password: Password,
}

impl PasswordReset {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        Ok(Self { link: LinkSecret::needed(&body)?, password: password(&body, "password")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_has_bounds() {
        let invitation = |text| NewInvitation::parse(text).map(|new| (new.expires_in, new.uses));
        assert_eq!(invitation("{}").unwrap(), (604_800, Some(1)));
        assert_eq!(invitation(r#"{"expires_in":3600,"uses":50}"#).unwrap(), (3_600, Some(50)));
        assert_eq!(invitation(r#"{"unlimited":true}"#).unwrap(), (604_800, None));
        for (text, field) in [
            (r#"{"expires_in":1}"#, "expires_in"),
            (r#"{"expires_in":4000000000}"#, "expires_in"),
            (r#"{"uses":0}"#, "uses"),
            (r#"{"uses":-1}"#, "uses"),
        ] {
            assert_eq!(invitation(text).unwrap_err().field.as_deref(), Some(field), "{text}");
        }
    }

    #[test]
    fn a_secret_has_one_form_and_is_not_shown() {
        let secret = LinkSecret::new("0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(format!("{secret:?}"), "LinkSecret(…)");
        for wrong in ["", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdeg"] {
            assert!(LinkSecret::new(wrong).is_none());
        }
        let reset = PasswordReset::parse(r#"{"link":"x","password":"12345678"}"#).unwrap_err();
        assert_eq!((reset.code, reset.field.as_deref()), (ErrorCode::LinkEnded, Some("link")));
    }
}
