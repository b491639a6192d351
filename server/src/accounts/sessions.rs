//! Sessions of accounts: where somebody is signed in, and how a session goes on and ends.

use std::time::Duration;

use shared::account::Role;
use shared::{SessionId, UserId, UserName};
use uuid::Uuid;

use super::{Accounts, Issued, Now, RefreshToken, Refusal, SESSION, SignedIn, VALID_FOR};
use crate::error::Error;
use crate::store::{Device, NewSession, OpenSession, Rotation, RotationTimes, StoreError, User};

/// The predecessor of an unused refresh token counts once more for this long.
const AGAIN_WITHIN: Duration = Duration::from_mins(1);

/// What the list of devices shows of a session that [`Accounts::token`] opened.
const BY_OPERATOR: &str = "hiroba token";

/// What became of a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    SignedIn(Box<SignedIn>),
    /// It was used before: its session has ended.
    Reused(SessionId),
}

/// Makes a session and its first refresh token.
pub(super) fn new(device: Device) -> Result<(RefreshToken, NewSession), StoreError> {
    let refresh = RefreshToken::first()?;
    let session = NewSession { id: SessionId::new(Uuid::new_v4()), refresh: refresh.hashes(), device };
    Ok((refresh, session))
}

impl Accounts {
    /// Exchanges a refresh token for the next one and an access token.
    ///
    /// # Errors
    /// The session has ended, or the store cannot be used.
    pub async fn refresh(&self, token: &RefreshToken, device: &Device, now: Now) -> Result<Refreshed, Error> {
        let next = token.next()?;
        match self.rotate(token, &next, device, now).await? {
            Rotation::Rotated(user, session) => {
                let account = self.store.account(user).await?.ok_or(Refusal::SessionEnded)?;
                Ok(Refreshed::SignedIn(Box::new(self.signed_in(account.user, session, next, now)?)))
            }
            Rotation::Reused(user, session) => {
                tracing::warn!(%user, "a refresh token was used twice, so its session was ended");
                Ok(Refreshed::Reused(session))
            }
            Rotation::Unknown => Err(Refusal::SessionEnded.into()),
        }
    }

    /// Returns the user of a session that has not ended, and their role.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn user_of(&self, session: SessionId, now: Now) -> Result<Option<(User, Role)>, Error> {
        Ok(self.store.session_user(session, now.server.before(SESSION)).await?)
    }

    /// Returns the role of an account; `None` if there is no such account.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn role(&self, user: UserId) -> Result<Option<Role>, Error> {
        Ok(self.store.account(user).await?.map(|account| account.role))
    }

    /// Ends the session of a refresh token; `None` if it has ended already.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn sign_out(&self, token: &RefreshToken, now: Now) -> Result<Option<SessionId>, Error> {
        let next = token.next()?;
        // Also proves that the token is one of the session.
        match self.rotate(token, &next, &Device::default(), now).await? {
            Rotation::Rotated(_, session) => {
                self.store.end_session(session).await?;
                Ok(Some(session))
            }
            Rotation::Reused(_, session) => Ok(Some(session)),
            Rotation::Unknown => Ok(None),
        }
    }

    /// Opens a session that ends with its only access token, for a program that the operator starts.
    ///
    /// # Errors
    /// There is no such account, it is disabled, or the store cannot be used.
    pub async fn token(&self, name: &UserName, now: Now) -> Result<Issued, Error> {
        let account = self.store.account_named(name).await?.ok_or(Refusal::NoSuchAccount)?;
        let device = Device { user_agent: Some(BY_OPERATOR.to_owned()), address: None };
        let (refresh, opened) = new(device)?;
        let ends_with_token = now.server.after(VALID_FOR).before(SESSION);
        let at = (ends_with_token, now.wall);
        if !self.store.open_session(account.user.id, &account.password, &opened, at).await? {
            return Err(Refusal::Disabled.into());
        }
        Ok(self.signed_in(account.user, opened.id, refresh, now)?.access)
    }

    /// Returns the sessions of a user, the last used one first.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn sessions(&self, user: UserId, now: Now) -> Result<Vec<OpenSession>, Error> {
        Ok(self.store.open_sessions(user, now.server.before(SESSION)).await?)
    }

    /// Ends a session of a user; returns false if there is none.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn end_session_of(&self, user: UserId, session: SessionId) -> Result<bool, Error> {
        Ok(self.store.end_session_of(user, session).await?)
    }

    /// Removes sessions that ended by age.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn forget_sessions(&self, now: Now) -> Result<(), StoreError> {
        self.store.forget_sessions(now.server.before(SESSION)).await
    }

    async fn rotate(
        &self,
        token: &RefreshToken,
        next: &RefreshToken,
        device: &Device,
        now: Now,
    ) -> Result<Rotation, StoreError> {
        let Now { server: now, wall } = now;
        let (replaced_since, since) = (now.before(AGAIN_WITHIN), now.before(SESSION));
        let times = RotationTimes { now, wall, replaced_since, since };
        self.store.rotate(&token.hashes(), &next.hashes().secret, device, times).await
    }
}
