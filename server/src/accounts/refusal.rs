//! Why a request about accounts is refused.

use shared::{ErrorCode, Failure};

use crate::error::Error;

/// Why a request about accounts is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    SignUpClosed,
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
