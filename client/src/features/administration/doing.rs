//! What is done about an account.

use shared::account::{ListedUser, NewLink, Role};

use super::api::{self, UserChange};
use super::person::role_name;
use super::texts;
use crate::core::requests::NoAnswer;
use crate::i18n::{Language, Text};
use crate::wire::credentials::Credentials;

/// What somebody is asked about before it is done.
#[derive(Clone, Copy, PartialEq)]
pub enum Doing {
    Role(Role),
    Disabled(bool),
    Reset,
    /// It has a form of its own.
    Ban,
}

impl Doing {
    pub fn question(self, language: Language, name: &str) -> String {
        match self {
            Self::Role(role) => (texts::ROLE_QUESTION.of(language))(name, role_name(role).of(language)),
            Self::Disabled(true) => (texts::DISABLE_QUESTION.of(language))(name),
            Self::Disabled(false) => (texts::ENABLE_QUESTION.of(language))(name),
            Self::Reset => (texts::RESET_QUESTION.of(language))(name),
            Self::Ban => (texts::BAN_QUESTION.of(language))(name),
        }
    }

    /// The answer that does it.
    pub const fn button(self) -> &'static Text {
        match self {
            Self::Role(_) => &texts::CHANGE_ROLE,
            Self::Disabled(true) => &texts::DISABLE,
            Self::Disabled(false) => &texts::ENABLE,
            Self::Reset => &texts::MAKE_LINK,
            Self::Ban => &texts::BAN_BUTTON,
        }
    }

    /// Does it. Returns the link that was made, if one was.
    pub async fn carry_out(
        self,
        credentials: Credentials,
        user: &ListedUser,
    ) -> Result<Option<NewLink>, NoAnswer> {
        let change = match self {
            Self::Role(role) => UserChange { role: Some(role), disabled: None },
            Self::Disabled(disabled) => UserChange { role: None, disabled: Some(disabled) },
            Self::Reset => return api::reset_link(credentials, user.name.as_str()).await.map(Some),
            Self::Ban => return Ok(None),
        };
        api::change_user(credentials, user.user_id, change).await.map(|()| None)
    }
}
