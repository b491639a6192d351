//! Links that let somebody in: the owner's, invitations, and those with which somebody gives themselves a new password.

use std::time::Duration;

use anyhow::Context;
use shared::account::{
    Invitation, Invitations, LinkSecret, NewInvitation, NewLink, PasswordReset, Role, SignUp,
};
use shared::{SessionId, UserId, UserName};
use uuid::Uuid;

use super::{Accounts, Now, Principal, Refusal, SignedIn, password, sessions};
use crate::error::Error;
use crate::secret;
use crate::store::{Device, Link, LinkKind, SecretHash, StoreError};

/// How long the owner's link and one for a password can be used.
const A_DAY: Duration = Duration::from_hours(24);

impl Accounts {
    /// The address of a link. Its secret stands in the fragment, which browsers keep to themselves.
    pub(super) fn url(&self, kind: &str, link: &NewLink) -> String {
        format!("{}/#{kind}={}", self.rules.site, link.link.as_str())
    }

    /// The address of a new link whose user becomes the owner, if there is none.
    ///
    /// # Errors
    /// The store cannot be used, or there is no randomness.
    pub async fn first_owner_url(&self, now: Now) -> Result<Option<String>, Error> {
        if self.store.has_owner().await? {
            return Ok(None);
        }
        Ok(Some(self.url("owner", &self.owner_link(now).await?)))
    }

    /// Makes the link whose user becomes the owner. It replaces the one before.
    ///
    /// # Errors
    /// The store cannot be used, or there is no randomness.
    pub async fn owner_link(&self, now: Now) -> Result<NewLink, Error> {
        self.make_link(LinkKind::Owner, None, A_DAY, Some(1), now).await
    }

    /// Makes an invitation.
    ///
    /// # Errors
    /// Only an administrator may, there are too many, or the store cannot be used.
    pub async fn invite(
        &self,
        principal: Option<&Principal>,
        new: NewInvitation,
        now: Now,
    ) -> Result<NewLink, Error> {
        principal.map_or(Ok(()), |principal| principal.need(Role::Admin))?;
        let lasts = Duration::from_secs(new.expires_in.into());
        self.make_link(LinkKind::Invitation, principal, lasts, new.uses, now).await
    }

    /// Makes a link with which the owner of an account gives themselves a new password.
    ///
    /// # Errors
    /// Only an administrator may, of others than administrators only an owner; there is no such account, or the store
    /// cannot be used.
    pub async fn reset_link(
        &self,
        principal: Option<&Principal>,
        name: &UserName,
        now: Now,
    ) -> Result<NewLink, Error> {
        principal.map_or(Ok(()), |principal| principal.need(Role::Admin))?;
        let account = self.store.account_named(name).await?.ok_or(Refusal::NoSuchAccount)?;
        if account.role > Role::Member {
            principal.map_or(Ok(()), |principal| principal.need(Role::Owner))?;
        }
        self.make_link(LinkKind::Reset(account.user.id), principal, A_DAY, Some(1), now).await
    }

    /// Returns the invitations that can be used.
    ///
    /// # Errors
    /// Only an administrator may; or the store cannot be used.
    pub async fn invitations(&self, principal: &Principal, now: Now) -> Result<Invitations, Error> {
        principal.need(Role::Admin)?;
        let found = self.store.invitations((now.server, now.wall)).await?;
        let told = found.into_iter().map(|(link, made_by)| Invitation {
            id: link.id,
            made_by,
            made_at: link.made_at,
            expires_at: link.expires_at,
            uses_left: link.uses_left,
        });
        Ok(Invitations { invitations: told.collect() })
    }

    /// Returns the links that somebody has made, and those for their password; some may have ended.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn links_of(&self, user: UserId) -> Result<Vec<Link>, StoreError> {
        self.store.links_of(user).await
    }

    /// Withdraws an invitation.
    ///
    /// # Errors
    /// Only an administrator may, there is no such invitation, or the store cannot be used.
    pub async fn withdraw(&self, principal: &Principal, invitation: Uuid) -> Result<(), Error> {
        principal.need(Role::Admin)?;
        let was_there = self.store.withdraw(invitation).await?;
        if was_there { Ok(()) } else { Err(Refusal::NoSuchInvitation.into()) }
    }

    /// Uses a link for a new password and signs in. Returns the sessions that ended.
    ///
    /// # Errors
    /// The link has ended, the password is a common one, the account is disabled, or the store cannot be used.
    pub async fn reset_password(
        &self,
        reset: PasswordReset,
        device: Device,
        now: Now,
    ) -> Result<(SignedIn, Vec<SessionId>), Error> {
        let secret = hash(&reset.link);
        let link = self.store.link(&secret, (now.server, now.wall)).await?;
        let Some(Link { kind: LinkKind::Reset(user), .. }) = link else {
            return Err(Refusal::LinkEnded.into());
        };
        let account = self.store.account(user).await?.ok_or(Refusal::LinkEnded)?;
        if account.disabled {
            return Err(Refusal::Disabled.into());
        }
        password::check_new(&reset.password, account.user.name.as_str())?;
        let password = self.hasher.hash(reset.password).await?;
        let (refresh, opened) = sessions::new(device)?;
        let reset = self.store.reset_by_link(&secret, &password, &opened, (now.server, now.wall)).await?;
        let (account, ended) = reset.ok_or(Refusal::LinkEnded)?;
        Ok((self.signed_in(account.user, opened.id, refresh, now)?, ended))
    }

    /// Whether somebody may sign up with this link, which is then used up, or without one; with `None` none is used.
    pub(super) async fn admit<'a>(
        &self,
        link: Option<&'a LinkSecret>,
        now: Now,
    ) -> Result<Option<&'a LinkSecret>, Error> {
        let kind = match link {
            Some(secret) => Some(self.link_kind(secret, now).await?.ok_or(Refusal::LinkEnded)?),
            None => None,
        };
        match (kind, self.sign_up_rule()) {
            (Some(LinkKind::Owner), _) | (Some(LinkKind::Invitation), SignUp::Invitation) => Ok(link),
            (Some(LinkKind::Reset(_) | LinkKind::Mail(..)), _) => Err(Refusal::LinkEnded.into()),
            (None | Some(LinkKind::Invitation), SignUp::Open) => Ok(None),
            (None, SignUp::Invitation) => Err(Refusal::NotInvited.into()),
            (_, SignUp::Closed) => Err(Refusal::SignUpClosed.into()),
        }
    }

    /// What a link is for; `None`: it has ended.
    pub(super) async fn link_kind(&self, link: &LinkSecret, now: Now) -> Result<Option<LinkKind>, Error> {
        let link = self.store.link(&hash(link), (now.server, now.wall)).await?;
        Ok(link.map(|link| link.kind))
    }

    async fn make_link(
        &self,
        kind: LinkKind,
        by: Option<&Principal>,
        lasts: Duration,
        uses_left: Option<u32>,
        now: Now,
    ) -> Result<NewLink, Error> {
        let (link, secret) = draw(kind, by, lasts, uses_left, now)?;
        if !self.store.add_link(&link, &hash(&secret), (now.server, now.wall)).await? {
            return Err(Refusal::TooManyLinks.into());
        }
        Ok(NewLink { id: link.id, link: secret, expires_at: link.expires_at })
    }
}

/// Draws a link and its secret. Neither is stored yet.
pub(super) fn draw(
    kind: LinkKind,
    by: Option<&Principal>,
    lasts: Duration,
    uses_left: Option<u32>,
    now: Now,
) -> Result<(Link, LinkSecret), StoreError> {
    let text = secret::draw().map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
    let secret = LinkSecret::new(text).context("the secret has another form").map_err(StoreError::Corrupt)?;
    let link = Link {
        id: Uuid::new_v4(),
        kind,
        made_by: by.map(|by| by.user.id),
        made_at: now.wall,
        ends_at: now.server.after(lasts),
        expires_at: now.wall.later(lasts),
        uses_left,
    };
    Ok((link, secret))
}

pub(super) fn hash(link: &LinkSecret) -> SecretHash {
    secret::hash(link.as_str())
}
