//! Mail addresses of accounts, and links that are sent to them.

use std::time::Duration;

use shared::account::{LinkSecret, NewLink};
use shared::{UserId, UserName};

use super::{Accounts, Now, Principal, Proved, Refusal, links};
use crate::error::Error;
use crate::mail_address::MailAddress;
use crate::store::{Account, LinkKind, Still};

/// How long a mailed link for a password can be used: whoever asked for it waits for it.
const AN_HOUR: Duration = Duration::from_hours(1);
/// How long a mail address can be confirmed.
const A_DAY: Duration = Duration::from_hours(24);

/// An account whose owner can be reached.
#[derive(Debug, Clone)]
pub struct Reachable {
    pub user: UserId,
    pub name: UserName,
    pub mail: MailAddress,
}

/// What became of an address that was confirmed.
#[derive(Debug, Clone)]
pub struct Confirmed {
    pub now: Reachable,
    /// The address that the account had, if it was another one.
    pub former: Option<MailAddress>,
}

impl Accounts {
    /// The address of the page, without a slash at its end.
    pub fn site(&self) -> &str {
        &self.rules.site
    }

    /// Returns the account that somebody means by its mail address or its name, if its owner can be reached and sign in. An
    /// address goes before a name that looks like one.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn meant_by(&self, text: &str) -> Result<Option<Reachable>, Error> {
        let mut found = None;
        if let Some(mail) = MailAddress::parse(text) {
            found = self.store.account_with_mail(&mail).await?;
        }
        if found.is_none()
            && let Ok(name) = UserName::new(text)
        {
            found = self.store.account_named(&name).await?;
        }
        let found = found.filter(|account| !account.disabled);
        Ok(found.and_then(|Account { user, mail, .. }| {
            Some(Reachable { user: user.id, name: user.name, mail: mail? })
        }))
    }

    /// The address of a new link for the password of an account; `None`: its mail address was changed meanwhile.
    ///
    /// # Errors
    /// The store cannot be used, or there is no randomness.
    pub async fn mailed_reset(&self, to: &Reachable, now: Now) -> Result<Option<String>, Error> {
        let still = Still::Mail(&to.mail);
        let link = self.make_link_of(to.user, LinkKind::Reset(to.user), still, AN_HOUR, now).await?;
        Ok(link.map(|link| self.url("reset", &link)))
    }

    /// The address of a new link that confirms a mail address for somebody who has [proved](Self::prove) the password.
    ///
    /// # Errors
    /// The password was changed meanwhile, the store cannot be used, or there is no randomness.
    pub async fn confirmation(
        &self,
        user: UserId,
        proved: &Proved,
        mail: MailAddress,
        now: Now,
    ) -> Result<String, Error> {
        let (kind, still) = (LinkKind::Mail(user, mail), Still::Password(&proved.0));
        let link = self.make_link_of(user, kind, still, A_DAY, now).await?.ok_or(Refusal::SessionEnded)?;
        Ok(self.url("mail", &link))
    }

    /// Returns the name of the account, other than that of `user`, which has a mail address.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn other_with(&self, mail: &MailAddress, user: UserId) -> Result<Option<UserName>, Error> {
        let found = self.store.account_with_mail(mail).await?.map(|account| account.user);
        Ok(found.filter(|other| other.id != user).map(|other| other.name))
    }

    /// Returns the address of somebody that waits to be confirmed.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn waiting_mail(&self, principal: &Principal, now: Now) -> Result<Option<MailAddress>, Error> {
        Ok(self.store.waiting_mail(principal.user.id, (now.server, now.wall)).await?)
    }

    /// Uses a link for a mail address.
    ///
    /// # Errors
    /// The link has ended, another account has the address by now, or the store cannot be used.
    pub async fn confirm_mail(&self, link: &LinkSecret, now: Now) -> Result<Confirmed, Error> {
        let confirmed = self.store.confirm_mail(&links::hash(link), (now.server, now.wall)).await?;
        let (Account { user, mail: former, .. }, mail) = confirmed.ok_or(Refusal::LinkEnded)?;
        let former = former.filter(|former| former.key() != mail.key());
        Ok(Confirmed { now: Reachable { user: user.id, name: user.name, mail }, former })
    }

    /// Takes the mail address from the account of somebody who has [proved](Self::prove) the password; returns the one that it
    /// had.
    ///
    /// # Errors
    /// The password was changed meanwhile, or the store cannot be used.
    pub async fn remove_mail(
        &self,
        principal: &Principal,
        proved: &Proved,
    ) -> Result<Option<Reachable>, Error> {
        let Account { user, mail, .. } = self.account(principal).await?;
        if !self.store.remove_mail(user.id, &proved.0).await? {
            return Err(Refusal::SessionEnded.into());
        }
        Ok(mail.map(|mail| Reachable { user: user.id, name: user.name, mail }))
    }

    async fn make_link_of(
        &self,
        user: UserId,
        kind: LinkKind,
        still: Still<'_>,
        lasts: Duration,
        now: Now,
    ) -> Result<Option<NewLink>, Error> {
        let (link, secret) = links::draw(kind, None, lasts, Some(1), now)?;
        let stored = (&link, &links::hash(&secret));
        let is_added = self.store.add_link_of(user, still, stored, (now.server, now.wall)).await?;
        Ok(is_added.then_some(NewLink { id: link.id, link: secret, expires_at: link.expires_at }))
    }
}
