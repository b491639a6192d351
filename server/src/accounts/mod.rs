//! Accounts: people who are the same tomorrow and on their other devices. Signing up and in, sessions, tokens.

mod administration;
mod changed;
mod departure;
mod entrance;
mod hasher;
mod key_rotation;
mod links;
mod mail;
mod names;
mod password;
mod preferences;
mod profiles;
mod refresh;
mod refusal;
mod sessions;
mod tokens;
mod users;

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use shared::account::{EntranceChange, LinkSecret, Profile, Role};
use shared::{Password, Person, SessionId, Timestamp, UserId, UserName};
use uuid::Uuid;

pub use administration::{Done, Effects, Listed, Order};
pub use entrance::Rules;
pub use mail::{Confirmed, Reachable};
pub use refresh::RefreshToken;
pub use refusal::Refusal;
pub use sessions::Refreshed;
pub use tokens::{Issued, VALID_FOR};

use crate::error::Error;
use crate::server_time::ServerTime;
use crate::store::{
    Account, AccountStore, Decision, Device, LinkKind, NewSession, NotCreated, StoreError, User,
};
use changed::Changed;
use hasher::Hasher;
use key_rotation::renewed_keys;
use tokens::{Invalid, Keys};

/// A session that is not refreshed for this long ends.
pub const SESSION: Duration = Duration::from_hours(24 * 30);

/// The present, in both ways of counting.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// Ages of sessions are counted in it.
    pub server: ServerTime,
    /// Tokens say when they expire in it.
    pub wall: Timestamp,
}

/// A session that was opened or refreshed.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user: User,
    pub access: Issued,
    pub refresh: RefreshToken,
}

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub user: User,
    pub role: Role,
    pub session: SessionId,
    pub expires_at: Timestamp,
}

impl Principal {
    /// Checks that somebody may do what `least` may.
    ///
    /// # Errors
    /// They may not.
    pub fn need(&self, least: Role) -> Result<(), Error> {
        if self.role >= least { Ok(()) } else { Err(Refusal::NotAllowed(least).into()) }
    }

    /// What they decide now.
    pub fn decides(&self, now: Now) -> Decision {
        let by = Person { user_id: self.user.id, user: self.user.name.clone() };
        Decision { by: Some(by), timestamp: now.wall }
    }
}

/// The stored password that somebody has just proved to know: what follows counts only while it is the same.
pub struct Proved(String);

/// What somebody enters to sign up or in.
pub struct Entered {
    pub name: UserName,
    pub password: Password,
    /// That of the owner, or an invitation.
    pub link: Option<LinkSecret>,
    pub device: Device,
}

/// The accounts of an installation.
pub struct Accounts {
    store: Arc<dyn AccountStore>,
    installation: Uuid,
    rules: Rules,
    /// What an owner decided.
    chosen: RwLock<EntranceChange>,
    /// Held while something is changed in the store and in memory, so that both change in one order.
    changing: tokio::sync::Mutex<()>,
    /// The present names of all accounts.
    names: RwLock<HashMap<UserId, UserName>>,
    /// What accounts tell of themselves.
    profiles: RwLock<HashMap<UserId, Arc<Profile>>>,
    changed: RwLock<Changed>,
    /// Grows with every change of what somebody prefers.
    preference_changes: AtomicU64,
    hasher: Hasher,
    keys: RwLock<Arc<Keys>>,
}

impl Accounts {
    /// Reads the keys, and makes one if there is none or the newest is old.
    ///
    /// # Errors
    /// The store cannot be used, or there is no randomness.
    pub async fn open(store: Arc<dyn AccountStore>, rules: Rules, now: Now) -> Result<Self, StoreError> {
        let Now { server, wall } = now;
        let installation = store.installation().await?;
        let chosen = RwLock::new(store.entrance().await?);
        let accounts = store.accounts().await?.into_iter();
        let names = RwLock::new(accounts.map(|account| (account.user.id, account.user.name)).collect());
        let keys = RwLock::new(Arc::new(renewed_keys(&*store, installation, wall).await?));
        let former = store.former_names(server).await?.into_iter();
        let changed = RwLock::new(former.map(|former| former.user).collect());
        let profiles = store.profiles().await?.into_iter().map(|(user, profile)| (user, Arc::new(profile)));
        let profiles = RwLock::new(profiles.collect());
        let changing = tokio::sync::Mutex::default();
        let hasher = Hasher::new();
        let preference_changes = AtomicU64::default();
        let accounts = Self {
            store,
            installation,
            rules,
            chosen,
            changing,
            names,
            profiles,
            changed,
            preference_changes,
            hasher,
            keys,
        };
        for departed in accounts.store.departed().await? {
            accounts.is_gone(departed.user);
        }
        Ok(accounts)
    }

    /// A short name of this installation, for the name of its cookie: ports share cookies.
    pub fn short_id(&self) -> String {
        self.installation.simple().to_string()[..8].to_owned()
    }

    /// The public keys that verify our tokens (RFC 7517).
    pub fn public_keys(&self) -> JwkSet {
        self.keys().public()
    }

    /// Replaces the key that signs if it is old.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn renew_keys(&self, wall: Timestamp) -> Result<(), StoreError> {
        let keys = Arc::new(renewed_keys(&*self.store, self.installation, wall).await?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Creates an account, of which `guest` becomes the user, and signs in.
    ///
    /// # Errors
    /// Not everybody may sign up and there is no link that still lets somebody in, the name is taken, the password is a common one, or the store cannot be used.
    pub async fn sign_up(
        &self,
        guest: Option<UserId>,
        Entered { name, password, link, device }: Entered,
        now: Now,
    ) -> Result<SignedIn, Error> {
        let link = self.admit(link.as_ref(), now).await?;
        let (refresh, opened) = sessions::new(device)?;
        let id = guest.unwrap_or_else(new_user);
        let user = self.create(id, name, password, Some((&opened, link)), now).await?;
        self.signed_in(user, opened.id, refresh, now)
    }

    async fn create(
        &self,
        id: UserId,
        name: UserName,
        password: Password,
        session: Option<(&NewSession, Option<&LinkSecret>)>,
        now: Now,
    ) -> Result<User, Error> {
        password::check_new(&password, name.as_str())?;
        let looks = names::looks(&name)?;
        let password = self.hasher.hash(password).await?;
        let user = User { id, name, is_account: true };
        let account = Account {
            user: user.clone(),
            password,
            role: Role::Member,
            disabled: false,
            created_at: now.wall,
            profile: Profile::default(),
            mail: None,
        };
        let (session, link) = session.unzip();
        let link = link.flatten().map(links::hash);
        let at = (now.server, now.wall);
        let created = self.store.create_account(&account, &looks, session, link.as_ref(), at).await?;
        created.map_err(|why| match why {
            NotCreated::NameTaken => Refusal::NameTaken,
            NotCreated::IsAccount => Refusal::SessionEnded,
            NotCreated::LinkEnded => Refusal::LinkEnded,
        })?;
        self.is_called(user.id, user.name.clone());
        Ok(user)
    }

    /// Signs in with a password. An unknown name takes as long as a wrong password and gets the same answer. With the link of
    /// the owner, the account becomes it.
    ///
    /// # Errors
    /// The name or the password is wrong, the link has ended, or the store cannot be used.
    pub async fn sign_in(
        &self,
        Entered { name, password, link, device }: Entered,
        now: Now,
    ) -> Result<SignedIn, Error> {
        let claims = match &link {
            Some(link) => self.link_kind(link, now).await?.ok_or(Refusal::LinkEnded)? == LinkKind::Owner,
            None => false,
        };
        let account = self.store.account_named(&name).await?;
        let hash = account.as_ref().map(|account| account.password.clone());
        let is_right = self.hasher.verify(password, hash).await?;
        let account = account.filter(|_| is_right).ok_or(Refusal::WrongCredentials)?;
        if account.disabled {
            return Err(Refusal::Disabled.into());
        }
        let (refresh, opened) = sessions::new(device)?;
        let Account { user, password, .. } = account;
        // The password may have been changed, or the account disabled, while it was verified.
        if !self.store.open_session(user.id, &password, &opened, (now.server, now.wall)).await? {
            return Err(Refusal::WrongCredentials.into());
        }
        if let Some(link) = link.filter(|_| claims) {
            // Somebody else may have used it meanwhile; whoever signs in sees what they may do.
            self.store.claim_ownership(user.id, &links::hash(&link), (now.server, now.wall)).await?;
        }
        self.signed_in(user, opened.id, refresh, now)
    }

    /// Returns whom an access token speaks for.
    ///
    /// # Errors
    /// It is not valid, has expired, or its session has ended; or the store cannot be used.
    pub async fn verify(&self, token: &str, now: Now) -> Result<Principal, Error> {
        let claims = self.keys().verify(token).map_err(|invalid| match invalid {
            // A key that went with a leap of the clock: the session can still be refreshed.
            Invalid::Expired | Invalid::UnknownKey => Refusal::TokenExpired,
            Invalid::Foreign => Refusal::TokenInvalid,
        })?;
        let (session, expires_at) = (SessionId::new(claims.sid), Timestamp::from_millis(claims.exp * 1_000));
        let found = self.user_of(session, now).await?.filter(|(user, _)| user.id.uuid() == claims.sub);
        let (user, role) = found.ok_or(Refusal::SessionEnded)?;
        Ok(Principal { user, role, session, expires_at })
    }

    /// Checks the password of somebody who is signed in.
    ///
    /// # Errors
    /// It is wrong, or the store cannot be used.
    pub async fn prove(&self, principal: &Principal, password: Password) -> Result<Proved, Error> {
        let account = self.store.account(principal.user.id).await?.ok_or(Refusal::SessionEnded)?;
        let is_right = self.hasher.verify(password, Some(account.password.clone())).await?;
        if is_right { Ok(Proved(account.password)) } else { Err(Refusal::WrongCredentials.into()) }
    }

    /// Changes a password and ends the user's other sessions, which are returned.
    ///
    /// # Errors
    /// The old password is wrong, the new one is a common one, or the store cannot be used.
    pub async fn change_password(
        &self,
        principal: &Principal,
        old: Password,
        new: Password,
    ) -> Result<Vec<SessionId>, Error> {
        let user = &principal.user;
        password::check_new(&new, user.name.as_str())?;
        let Proved(present) = self.prove(principal, old).await?;
        let hash = self.hasher.hash(new).await?;
        let changed = self.store.change_password(user.id, &present, &hash, principal.session).await?;
        // Somebody else may have changed it, or ended the session, meanwhile.
        Ok(changed.ok_or(Refusal::SessionEnded)?)
    }

    /// Returns the accounts that administrate the server.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn administrators(&self) -> Result<Vec<UserId>, StoreError> {
        self.store.administrators().await
    }

    /// Lets nobody else change what is both in the store and in memory. Held for one short write, never for a hash.
    pub async fn alone(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// Returns what is stored of an account.
    ///
    /// # Errors
    /// It is gone, or the store cannot be used.
    pub async fn account(&self, principal: &Principal) -> Result<Account, Error> {
        Ok(self.store.account(principal.user.id).await?.ok_or(Refusal::SessionEnded)?)
    }

    fn signed_in(
        &self,
        user: User,
        session: SessionId,
        refresh: RefreshToken,
        now: Now,
    ) -> Result<SignedIn, Error> {
        let access = self.keys().issue(user.id, session, now.wall);
        let access = access.map_err(StoreError::Unavailable)?;
        Ok(SignedIn { user, access, refresh })
    }

    fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn new_user() -> UserId {
    UserId::new(Uuid::new_v4())
}
