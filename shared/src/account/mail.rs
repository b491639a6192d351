//! Mail addresses of accounts, and what they are for: a new password for somebody who forgot theirs.

use serde::Serialize;

use super::{LinkSecret, password};
use crate::body::Body;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::limits::MAIL_ADDRESS_BYTES;
use crate::password::Password;
use crate::text::UserName;

/// The body of a request of somebody who forgot the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForgottenPassword {
    /// The name of the account, or its mail address, as it was typed.
    pub account: String,
}

impl ForgottenPassword {
    /// Parses the body of a request. Whether the text can be a name or an address is not told: no account has it then.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { account: short(&Body::of(text)?, "account")? })
    }
}

/// The body of a request for a mail address of one's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailChange {
    /// As it was typed.
    pub mail: String,
    pub password: Password,
}

impl MailChange {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        Ok(Self { mail: short(&body, "mail")?, password: password(&body, "password")? })
    }
}

/// The body of a request to have no mail address any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailRemoval {
    pub password: Password,
}

impl MailRemoval {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { password: password(&Body::of(text)?, "password")? })
    }
}

/// The body of a request of whoever got the link at the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailConfirmation {
    pub link: LinkSecret,
}

impl MailConfirmation {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { link: LinkSecret::needed(&Body::of(text)?)? })
    }
}

object! {
    /// An address that was confirmed, and whose it is now.
    pub struct ConfirmedMail {
        /// The name of the account.
        pub name: UserName = need,
        pub mail: String = need,
    }
}

/// Reads a text that is no longer than a mail address may be. Names are shorter.
fn short(body: &Body<'_>, field: &'static str) -> Result<String, Failure> {
    let text = body.need_text(field)?;
    let text = text.trim();
    if text.is_empty() || text.len() > MAIL_ADDRESS_BYTES {
        let message = format!("\"{field}\" must have 1 to {MAIL_ADDRESS_BYTES} bytes");
        return Err(Failure::new(ErrorCode::InvalidField, message).in_field(field));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_bounded_and_nothing_else_is_asked_of_it() {
        let account = |text: &str| ForgottenPassword::parse(&format!(r#"{{"account":"{text}"}}"#));
        assert_eq!(account(" hanako@example.jp ").unwrap().account, "hanako@example.jp");
        assert!(account("no account has this name @@").is_ok());
        for wrong in ["", "  ", &"x".repeat(255)] {
            let failure = account(wrong).unwrap_err();
            assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::InvalidField, Some("account")));
        }
        let failure = MailChange::parse(r#"{"mail":"a@b"}"#).unwrap_err();
        assert_eq!(failure.field.as_deref(), Some("password"));
        let failure = MailConfirmation::parse("{}").unwrap_err();
        assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::MissingField, Some("link")));
    }
}
