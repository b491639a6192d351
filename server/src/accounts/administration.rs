//! What an operator does with accounts.

use serde::{Deserialize, Serialize};
use shared::account::{NewInvitation, NewLink, Role};
use shared::{ErrorCode, Failure, Password, SessionId, Timestamp, UserName};

use super::{Accounts, Now, Refusal};
use crate::error::Error;
use crate::store::{Decision, User};

/// Something to do with accounts.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Order {
    /// Create an account, whoever may sign up.
    Add { name: String, password: String },
    /// Give an account a new password and end its sessions.
    SetPassword { name: String, password: String },
    /// Let nobody sign in to an account, and end its sessions.
    Disable { name: String },
    /// Let its owner sign in again.
    Enable { name: String },
    /// Give an account a role.
    SetRole { name: String, role: Role },
    /// Make a link with which its owner gives themselves a new password.
    Reset { name: String },
    /// Make an access token.
    Token { name: String },
    /// Make an invitation.
    Invite { expires_in: u32, uses: Option<u32> },
    /// Make the link whose user becomes the owner.
    InviteOwner,
    /// List all accounts.
    List,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// The account of this name was changed, and so many of its sessions ended.
    Changed {
        name: String,
        ended: usize,
    },
    Accounts(Vec<Listed>),
    /// This access token was made.
    Token(String),
    /// This address was made.
    Link {
        url: String,
        expires_at: Timestamp,
    },
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub name: String,
    pub role: Role,
    pub disabled: bool,
    pub created_at: Timestamp,
}

/// What live connections have to be told.
#[derive(Debug, Default)]
pub struct Effects {
    /// A new account.
    pub added: Option<User>,
    /// Sessions that ended.
    pub ended: Vec<SessionId>,
}

impl Accounts {
    /// Carries out an order of the operator.
    ///
    /// # Errors
    /// The name or the password is not possible, there is no such account, or the store cannot be used.
    pub async fn carry_out(&self, order: Order, now: Now) -> Result<(Done, Effects), Error> {
        let (user, effects) = match order {
            Order::Add { name, password } => {
                let user = self
                    .create(super::new_user(), self::name(&name)?, self::password(&password)?, None, now)
                    .await?;
                (user.clone(), Effects { added: Some(user), ended: Vec::new() })
            }
            Order::SetPassword { name, password } => {
                let (user, password) = (self.named(&name).await?, self::password(&password)?);
                super::password::check_new(&password, user.name.as_str())?;
                let hash = self.hasher.hash(password).await?;
                let ended = self.store.reset_password(user.id, &hash).await?;
                (user, Effects { added: None, ended })
            }
            Order::Disable { name } => self.set_disabled(&name, true, now).await?,
            Order::Enable { name } => self.set_disabled(&name, false, now).await?,
            Order::SetRole { name, role } => {
                let user = self.named(&name).await?;
                self.store.set_role(user.id, role, &by_operator(now)).await?;
                (user, Effects::default())
            }
            Order::Reset { name } => {
                let link = self.reset_link(None, &self::name(&name)?, now).await?;
                return Ok((self.made("reset", &link), Effects::default()));
            }
            Order::Token { name } => {
                let issued = self.token(&self::name(&name)?, now).await?;
                return Ok((Done::Token(issued.token), Effects::default()));
            }
            Order::Invite { expires_in, uses } => {
                let link = self.invite(None, NewInvitation::new(expires_in, uses)?, now).await?;
                return Ok((self.made("invite", &link), Effects::default()));
            }
            Order::InviteOwner => {
                let link = self.owner_link(now).await?;
                return Ok((self.made("owner", &link), Effects::default()));
            }
            Order::List => {
                let list = self.store.accounts().await?.into_iter().map(|account| Listed {
                    name: account.user.name.to_string(),
                    role: account.role,
                    disabled: account.disabled,
                    created_at: account.created_at,
                });
                return Ok((Done::Accounts(list.collect()), Effects::default()));
            }
        };
        Ok((Done::Changed { name: user.name.to_string(), ended: effects.ended.len() }, effects))
    }

    fn made(&self, kind: &str, link: &NewLink) -> Done {
        Done::Link { url: self.url(kind, link), expires_at: link.expires_at }
    }

    async fn set_disabled(&self, name: &str, disabled: bool, now: Now) -> Result<(User, Effects), Error> {
        let user = self.named(name).await?;
        let ended = self.store.set_disabled(user.id, disabled, &by_operator(now)).await?;
        Ok((user, Effects { added: None, ended }))
    }

    async fn named(&self, name: &str) -> Result<User, Error> {
        let account = self.store.account_named(&self::name(name)?).await?;
        Ok(account.ok_or(Refusal::NoSuchAccount)?.user)
    }
}

fn by_operator(now: Now) -> Decision {
    Decision { by: None, timestamp: now.wall }
}

fn name(text: &str) -> Result<UserName, Failure> {
    UserName::new(text).map_err(|error| Failure::new(ErrorCode::InvalidName, format!("the name {error}")))
}

fn password(text: &str) -> Result<Password, Failure> {
    Password::new(text)
        .map_err(|error| Failure::new(ErrorCode::InvalidPassword, format!("the password {error}")))
}
