//! Accounts over HTTP: the bodies of requests and answers.

mod ban;
mod entrance;
mod links;
mod mail;
mod preferences;
mod profile;
mod role;
mod users;

use serde::Serialize;

pub use ban::{Ban, BanTarget, Bans, NewBan};
pub use entrance::{Entrance, EntranceChange, SignUp};
pub use links::{Invitation, Invitations, LinkSecret, NewInvitation, NewLink, NewReset, PasswordReset};
pub use mail::{ConfirmedMail, ForgottenPassword, MailChange, MailConfirmation, MailRemoval};
pub use preferences::{Favourites, Preferences};
pub use profile::Profile;
pub use role::Role;
pub use users::{ListedUser, UserChange, Users};

use crate::body::Body;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::id::{SessionId, UserId};
use crate::password::Password;
use crate::text::UserName;
use crate::time::Timestamp;

/// The name of users whose account was deleted. Nobody else can have it; pages show it in the reader's language.
pub const DELETED: &str = "deleted user";
/// What a Japanese page calls them.
pub const DELETED_JA: &str = "退会したユーザー";

/// The body of a sign-up or a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credentials {
    pub name: UserName,
    pub password: Password,
    /// That of the owner, or an invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkSecret>,
}

impl Credentials {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        Ok(Self { name: name(&body)?, password: password(&body, "password")?, link: LinkSecret::of(&body)? })
    }
}

/// The body of a change of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountChange {
    pub name: UserName,
}

impl AccountChange {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { name: name(&Body::of(text)?)? })
    }
}

/// The body of a request to delete one's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountDeletion {
    pub password: Password,
    /// Whether what one wrote goes too.
    pub delete_messages: bool,
}

impl AccountDeletion {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        Ok(Self { password: password(&body, "password")?, delete_messages: body.need("delete_messages")? })
    }
}

/// The body of a change of the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PasswordChange {
    /// The present one.
    pub password: Password,
    pub new_password: Password,
}

impl PasswordChange {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        Ok(Self { password: password(&body, "password")?, new_password: password(&body, "new_password")? })
    }
}

fn name(body: &Body<'_>) -> Result<UserName, Failure> {
    checked_name(&body.need_text("name")?)
}

fn maybe_name(body: &Body<'_>) -> Result<Option<UserName>, Failure> {
    body.text("name")?.map(|name| checked_name(&name)).transpose()
}

fn checked_name(name: &str) -> Result<UserName, Failure> {
    UserName::new(name)
        .map_err(|error| Failure::new(ErrorCode::InvalidName, format!("\"name\" {error}")).in_field("name"))
}

fn password(body: &Body<'_>, field: &'static str) -> Result<Password, Failure> {
    Password::new(&body.need_text(field)?).map_err(|error| {
        Failure::new(ErrorCode::InvalidPassword, format!("\"{field}\" {error}")).in_field(field)
    })
}

object! {
    /// The answer to a sign-up, a sign-in and a refresh.
    pub struct AccountSession {
        pub user_id: UserId = need,
        pub name: UserName = need,
        /// A JSON Web Token: `token` of `auth`, `Authorization: Bearer` over HTTP. Kept in memory only.
        pub access_token: String = need,
        /// When the token expires: refresh it before.
        pub expires_at: Timestamp = need,
        /// The same in seconds from now, for clients whose clock is wrong.
        pub expires_in: u32 = or_default,
    }
}

object! {
    /// What an account is told of itself.
    pub struct Account {
        pub user_id: UserId = need,
        pub name: UserName = need,
        pub role: Role = need,
        pub created_at: Timestamp = need,
        pub profile: Profile = or_default,
        /// The confirmed mail address.
        pub mail: Option<String> = get,
        /// An address that waits to be confirmed.
        pub mail_waiting: Option<String> = get,
        /// Whether the server sends mail at all.
        pub can_mail: bool = added,
    }
}

object! {
    /// The sessions of an account.
    pub struct Sessions {
        /// The last used one first.
        pub sessions: Vec<OpenSession> = need,
    }
}

object! {
    /// A session of an account: a browser or a program that is signed in.
    pub struct OpenSession {
        pub id: SessionId = need,
        /// Whether it is the one that asks.
        pub current: bool = need,
        /// The beginning of the client's `User-Agent`.
        pub user_agent: Option<String> = get,
        /// The address that it was last opened or refreshed from.
        pub address: Option<String> = get,
        pub opened_at: Option<Timestamp> = get,
        /// When it was opened or last refreshed.
        pub used_at: Option<Timestamp> = get,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (ErrorCode, Option<String>) {
        let failure = Credentials::parse(text).unwrap_err();
        (failure.code, failure.field.map(std::borrow::Cow::into_owned))
    }

    #[test]
    fn a_refusal_names_the_field() {
        let good = Credentials::parse(r#"{"name":" 花子 ","password":"長いあいことば。"}"#).unwrap();
        assert_eq!((good.name.as_str(), good.password.as_str()), ("花子", "長いあいことば。"));
        for (text, code, field) in [
            ("", ErrorCode::BadJson, None),
            ("[]", ErrorCode::BadJson, None),
            (r#"{"password":"12345678"}"#, ErrorCode::MissingField, Some("name")),
            (r#"{"name":"","password":"12345678"}"#, ErrorCode::InvalidName, Some("name")),
            (r#"{"name":"a","password":"1234567"}"#, ErrorCode::InvalidPassword, Some("password")),
            (r#"{"name":"a","password":12345678}"#, ErrorCode::InvalidField, Some("password")),
        ] {
            assert_eq!(refused(text), (code, field.map(str::to_owned)), "{text}");
        }
        assert_eq!(
            PasswordChange::parse(r#"{"password":"12345678","new_password":"x"}"#)
                .unwrap_err()
                .field
                .as_deref(),
            Some("new_password")
        );
    }
}
