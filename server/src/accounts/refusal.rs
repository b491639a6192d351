//! Why a request about accounts is refused.

use shared::account::Role;
use shared::{ErrorCode, Failure};

use crate::error::Error;

/// Why a request about accounts is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    SignUpClosed,
    NotInvited,
    GuestsClosed,
    /// The link was used already, has expired, or was withdrawn.
    LinkEnded,
    TooManyLinks,
    /// The server has no mail server.
    NoMail,
    RenamedTooOften,
    NoSuchInvitation,
    /// Only accounts with this role may, and those above it.
    NotAllowed(Role),
    /// The account is not below the one that asks.
    NotAbove,
    LastOwner,
    /// A setting that was given at the start.
    FixedAtStart(&'static str),
    NameTaken,
    CommonPassword,
    WrongCredentials,
    Disabled,
    NoSuchAccount,
    NoSuchSession,
    SessionEnded,
    TokenExpired,
    TokenInvalid,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let (code, message, field) = match refusal {
            Refusal::SignUpClosed => (ErrorCode::SignUpClosed, "this server lets nobody sign up", None),
            Refusal::NotInvited => {
                (ErrorCode::SignUpClosed, "nobody may sign up here without an invitation", None)
            }
            Refusal::GuestsClosed => {
                (ErrorCode::GuestsClosed, "guests may not come in here; sign in to an account", None)
            }
            Refusal::LinkEnded => {
                (ErrorCode::LinkEnded, "the link was used, has expired or was withdrawn", Some("link"))
            }
            Refusal::TooManyLinks => (ErrorCode::TooMany, "there are too many links; withdraw some", None),
            Refusal::NoMail => (ErrorCode::NotFound, "this server sends no mail", None),
            Refusal::RenamedTooOften => {
                (ErrorCode::TooMany, "the name was changed too often; wait some days", Some("name"))
            }
            Refusal::NoSuchInvitation => {
                (ErrorCode::NotFound, "there is no invitation of this id; it may have ended", Some("id"))
            }
            Refusal::NotAllowed(Role::Owner) => (ErrorCode::Forbidden, "only an owner may do this", None),
            Refusal::NotAllowed(_) => (ErrorCode::Forbidden, "only an administrator may do this", None),
            Refusal::NotAbove => (ErrorCode::Forbidden, "you may not do this to that account", None),
            Refusal::LastOwner => (ErrorCode::Forbidden, "make somebody else an owner first", Some("role")),
            Refusal::FixedAtStart(field) => {
                (ErrorCode::Forbidden, "this was decided where the server was started", Some(field))
            }
            Refusal::NameTaken => {
                (ErrorCode::NameTaken, "this name is taken, or looks like one", Some("name"))
            }
            Refusal::CommonPassword => (
                ErrorCode::InvalidPassword,
                "\"password\" is one that everybody tries first",
                Some("password"),
            ),
            Refusal::WrongCredentials => {
                (ErrorCode::WrongCredentials, "the name or the password is wrong", None)
            }
            Refusal::Disabled => (ErrorCode::AccountDisabled, "this account is disabled", None),
            Refusal::NoSuchAccount => (ErrorCode::NotFound, "there is no account of this name", Some("name")),
            Refusal::NoSuchSession => {
                (ErrorCode::NotFound, "you have no session of this id; it may have ended", Some("id"))
            }
            Refusal::SessionEnded => {
                (ErrorCode::NotAuthenticated, "the session has ended; sign in again", None)
            }
            Refusal::TokenExpired => {
                (ErrorCode::TokenExpired, "the token has expired; refresh it", Some("token"))
            }
            Refusal::TokenInvalid => {
                (ErrorCode::NotAuthenticated, "\"token\" is not valid here", Some("token"))
            }
        };
        Self::Refused(Failure { field: field.map(Into::into), ..Failure::new(code, message) })
    }
}
