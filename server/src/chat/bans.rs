//! Bans from the server: of users, and of addresses. Decided over HTTP by administrators; checked at every sign-in.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use shared::account::{Ban, BanTarget, Bans as BanList, NewBan, Role};
use shared::{ErrorCode, Failure, Person, UserId};

use super::Chat;
use super::accounts::whole;
use crate::accounts::Principal;
use crate::error::Error;
use crate::hub::{Found, wall_clock};
use crate::network::{is_own, network_of};
use crate::store::{NewServerBan, Outcome, ServerBan, Store, StoreError, Write};

/// The bans that are in force. There are few: each was decided by a person.
#[derive(Default)]
pub(super) struct Bans(RwLock<Arc<Vec<ServerBan>>>);

impl Bans {
    /// Restores the bans at the start.
    pub(super) async fn restore(store: &dyn Store) -> Result<Self, StoreError> {
        Ok(Self(RwLock::new(Arc::new(store.bans(wall_clock()).await?))))
    }

    fn all(&self) -> Arc<Vec<ServerBan>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Vec<ServerBan>)) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let now = wall_clock();
        let bans = Arc::make_mut(&mut all);
        bans.retain(|ban| ban.is_in_force(now));
        change(bans);
    }
}

impl Chat {
    /// Checks that a user, or whoever comes from an address, may come in.
    ///
    /// # Errors
    /// They are banned.
    pub fn check_ban(&self, user: Option<UserId>, address: Option<IpAddr>) -> Result<(), Error> {
        let (all, now) = (self.bans.all(), wall_clock());
        let address = address.map(network_of);
        let is_meant = |ban: &&ServerBan| {
            ban.is_in_force(now)
                && (ban.address.is_some() && ban.address == address
                    || ban.address.is_none()
                        && ban.user.as_ref().map(|who| who.user_id) == user
                        && user.is_some())
        };
        let Some(ban) = all.iter().find(is_meant) else { return Ok(()) };
        let left = ban.until.map(|until| until.millis().saturating_sub(now.millis()));
        let failure = Failure::new(ErrorCode::Banned, "you are banned from this server");
        let retry_after_ms = left.map(|left| u64::try_from(left).unwrap_or_default() + 1);
        Err(Failure { retry_after_ms, ..failure }.into())
    }

    /// Bans somebody, or an address, and closes the connections that this is about.
    ///
    /// # Errors
    /// The account is no administrator, or is not above the one who is to be banned; nobody is known by that name; the
    /// address is of this machine; or it cannot be stored.
    pub async fn ban(self: &Arc<Self>, principal: Principal, new: NewBan) -> Result<BanList, Error> {
        principal.need(Role::Admin)?;
        self.rates.moderate(principal.user.id)?;
        let by = Person { user_id: principal.user.id, user: principal.user.name.clone() };
        let mut targets = Vec::new();
        match new.target {
            BanTarget::Address(address) if is_own(address) => {
                let message = "this is an address of the server itself";
                return Err(Failure::new(ErrorCode::InvalidField, message).in_field("address").into());
            }
            BanTarget::Address(address) => targets.push((None, Some(network_of(address)))),
            BanTarget::User(whom) => {
                let found = self.hub.find_user(whom).await?;
                let Found { person: user, .. } = found.ok_or_else(|| {
                    Failure::new(ErrorCode::NoSuchUser, "there is nobody of that name here")
                })?;
                let role = self.accounts.role(user.user_id).await?;
                if user.user_id == by.user_id || role >= Some(principal.role) {
                    return Err(Failure::new(ErrorCode::Forbidden, "you may not ban them").into());
                }
                if new.with_addresses {
                    for address in self.hub.addresses(user.user_id).await? {
                        if !is_own(address) {
                            targets.push((Some(user.clone()), Some(network_of(address))));
                        }
                    }
                }
                targets.push((Some(user), None));
            }
        }
        targets.sort_by_key(|(_, address)| *address);
        targets.dedup();
        let timestamp = wall_clock();
        let until = new.seconds.map(|seconds| timestamp.later(Duration::from_secs(seconds.into())));
        let chat = self.clone();
        whole(async move {
            for (user, address) in targets {
                let ban = NewServerBan {
                    user,
                    address,
                    until,
                    by: by.clone(),
                    reason: new.reason.clone(),
                    timestamp,
                };
                chat.enforce(ban).await?;
            }
            Ok(())
        })
        .await?;
        self.list_bans(&principal)
    }

    async fn enforce(&self, new: NewServerBan) -> Result<(), Error> {
        match self.writer.commit(Write::Ban(new.clone())).await? {
            Outcome::Banned(id) => {
                let (user, address) = (new.user.as_ref().map(|who| who.user_id), new.address);
                self.bans.change(|all| {
                    all.retain(|ban| !new.replaces(ban));
                    all.push(new.with_id(id));
                });
                // Whoever signs in from now on is refused; whoever did before is known to the hub.
                Ok(self.hub.expel(user.filter(|_| address.is_none()), address).await?)
            }
            Outcome::Refused(code) => Err(Error::NotStored(code)),
            _ => Ok(()),
        }
    }

    /// Ends a ban.
    ///
    /// # Errors
    /// The account is no administrator, there is no such ban, or it cannot be stored.
    pub async fn lift_ban(self: &Arc<Self>, principal: Principal, id: u64) -> Result<(), Error> {
        principal.need(Role::Admin)?;
        let by = Person { user_id: principal.user.id, user: principal.user.name };
        let chat = self.clone();
        whole(async move {
            let write = Write::LiftBan { id, by, timestamp: wall_clock() };
            match chat.writer.commit(write).await? {
                Outcome::Refused(_) => Err(Error::NotFound),
                _ => {
                    chat.bans.change(|all| all.retain(|ban| ban.id != id));
                    Ok(())
                }
            }
        })
        .await
    }

    /// Returns the bans that are in force, the newest first.
    ///
    /// # Errors
    /// The account is no administrator.
    pub fn list_bans(&self, principal: &Principal) -> Result<BanList, Error> {
        principal.need(Role::Admin)?;
        let (all, now) = (self.bans.all(), wall_clock());
        let shown = all.iter().rev().filter(|ban| ban.is_in_force(now)).map(|ban| Ban {
            id: ban.id,
            user_id: ban.user.as_ref().map(|who| who.user_id),
            user: ban.user.as_ref().map(|who| who.user.clone()),
            address: ban.address.map(|address| address.to_string()),
            until: ban.until,
            by: ban.by.clone(),
            reason: ban.reason.clone(),
            timestamp: ban.timestamp,
        });
        Ok(BanList { bans: shown.collect() })
    }
}
