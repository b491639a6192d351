//! Accounts in the chat: what signing up, signing out and a changed password mean for names and live connections.

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use shared::account::{Account, AccountDeletion, PasswordReset, Profile};
use shared::{ErrorCode, Failure, Password, Person, RequestId, ServerFrame, SessionId, UserName};

use super::{Chat, Session};
use crate::accounts::{Done, Effects, Entered, Order, Principal, RefreshToken, Refreshed, Refusal, SignedIn};
use crate::error::Error;
use crate::mail_address::MailAddress;
use crate::store::{self, Device, OpenSession, StoreError};

/// Runs to its end even if the request is given up: what the store did, the hub must learn.
pub(super) async fn whole<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(work).await.map_err(|error| StoreError::Unavailable(error.into()))?
}

impl Chat {
    /// Creates an account. The guest of the secret `guest` becomes it: its user id stays, its connections are closed. Other
    /// guests with a name that looks like it get another one.
    ///
    /// # Errors
    /// Not everybody may sign up and there is no link that still lets somebody in, the name is taken, the password is a
    /// common one, the guest is not known any more, or the store cannot be used.
    pub async fn sign_up(self: &Arc<Self>, guest: Option<&str>, entered: Entered) -> Result<SignedIn, Error> {
        let guest = match guest {
            Some(secret) => Some(self.session(secret).await?.ok_or(Refusal::SessionEnded)?.user.id),
            None => None,
        };
        let chat = self.clone();
        whole(async move {
            if guest.is_some() {
                // From now on the client relies on the server to know its rooms.
                chat.store_changes().await?;
            }
            let signed_in = chat.accounts.sign_up(guest, entered, chat.present()).await?;
            chat.hub.open_account(signed_in.user.id, signed_in.user.name.clone()).await?;
            Ok(signed_in)
        })
        .await
    }

    /// Signs in to an account with its password.
    ///
    /// # Errors
    /// The name or the password is wrong, the link has ended, or the store cannot be used.
    pub async fn sign_in_with(&self, entered: Entered) -> Result<SignedIn, Error> {
        let signed_in = self.accounts.sign_in(entered, self.present()).await?;
        self.check_ban(Some(signed_in.user.id), None)?;
        Ok(signed_in)
    }

    /// Uses a link for a new password, ends the user's sessions, closes their connections, and signs in.
    ///
    /// # Errors
    /// The link has ended, the password is a common one, the account is disabled, or the store cannot be used.
    pub async fn reset_password(
        self: &Arc<Self>,
        reset: PasswordReset,
        device: Device,
    ) -> Result<SignedIn, Error> {
        let chat = self.clone();
        whole(async move {
            let (signed_in, ended) = chat.accounts.reset_password(reset, device, chat.present()).await?;
            chat.hub.end_sessions(ended).await?;
            Ok(signed_in)
        })
        .await
    }

    /// Exchanges a refresh token. One that was used before ends its session and closes its connections. A request that is
    /// given up exchanges nothing, if that is still possible: its answer would be lost.
    ///
    /// # Errors
    /// The session has ended, or the store cannot be used.
    pub async fn refresh(self: &Arc<Self>, token: RefreshToken, device: Device) -> Result<SignedIn, Error> {
        match self.accounts.refresh(&token, &device, self.present()).await? {
            Refreshed::SignedIn(signed_in) => Ok(*signed_in),
            Refreshed::Reused(session) => {
                let chat = self.clone();
                whole(async move { Ok(chat.hub.end_sessions(vec![session]).await?) }).await?;
                Err(Refusal::SessionEnded.into())
            }
        }
    }

    /// Ends the session of a refresh token and closes its connections.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn sign_out(self: &Arc<Self>, token: RefreshToken) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            if let Some(session) = chat.accounts.sign_out(&token, chat.present()).await? {
                chat.hub.end_sessions(vec![session]).await?;
            }
            Ok(())
        })
        .await
    }

    /// Returns the sessions of somebody, the last used one first.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn sessions(&self, principal: &Principal) -> Result<Vec<OpenSession>, Error> {
        self.accounts.sessions(principal.user.id, self.present()).await
    }

    /// Ends a session of somebody and closes its connections.
    ///
    /// # Errors
    /// There is no such session, or the store cannot be used.
    pub async fn end_session(
        self: &Arc<Self>,
        principal: Principal,
        session: SessionId,
    ) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            if !chat.accounts.end_session_of(principal.user.id, session).await? {
                return Err(Refusal::NoSuchSession.into());
            }
            Ok(chat.hub.end_sessions(vec![session]).await?)
        })
        .await
    }

    /// Returns whom an access token speaks for.
    ///
    /// # Errors
    /// It is not valid, has expired, or its session has ended; or the store cannot be used.
    pub async fn verify(&self, token: &str) -> Result<Principal, Error> {
        let principal = self.accounts.verify(token, self.present()).await?;
        self.check_ban(Some(principal.user.id), None)?;
        Ok(principal)
    }

    /// Returns whom a principal of before speaks for now.
    ///
    /// # Errors
    /// Its session has ended, or they are banned; or the store cannot be used.
    pub(super) async fn still(&self, principal: &Principal) -> Result<Principal, Error> {
        let found = self.accounts.user_of(principal.session, self.present()).await?;
        let (user, role) = found.ok_or(Refusal::SessionEnded)?;
        self.check_ban(Some(user.id), None)?;
        Ok(Principal { user, role, ..*principal })
    }

    /// Changes a password, ends the user's other sessions and closes their connections.
    ///
    /// # Errors
    /// The old password is wrong, the new one is a common one, or the store cannot be used.
    pub async fn change_password(
        self: &Arc<Self>,
        principal: Principal,
        old: Password,
        new: Password,
    ) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            let ended = chat.accounts.change_password(&principal, old, new).await?;
            Ok(chat.hub.end_sessions(ended).await?)
        })
        .await
    }

    /// Carries out an order of the operator, and what it means for live connections.
    ///
    /// # Errors
    /// The order is not possible, or the store cannot be used.
    pub async fn administer(self: &Arc<Self>, order: Order) -> Result<Done, Error> {
        let chat = self.clone();
        whole(async move {
            let (done, Effects { added, ended }) = chat.accounts.carry_out(order, chat.present()).await?;
            if let Some(user) = added {
                chat.hub.open_account(user.id, user.name).await?;
            }
            chat.hub.end_sessions(ended).await?;
            Ok(done)
        })
        .await
    }

    /// Checks that a session has not ended.
    pub(super) async fn check_session(&self, session: SessionId) -> Result<(), Error> {
        let user = self.accounts.user_of(session, self.present()).await?;
        user.map(drop).ok_or_else(|| Refusal::SessionEnded.into())
    }

    /// Changes the name of an account, and tells everybody who shares a room with it.
    ///
    /// # Errors
    /// The name is taken, or was until some days ago; it was changed too often; or the store cannot be used.
    pub async fn rename(self: &Arc<Self>, principal: Principal, name: UserName) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            let _alone = chat.accounts.alone().await;
            chat.accounts.rename(&principal, &name, chat.present()).await?;
            Ok(chat.hub.rename_account(principal.user.id, name).await?)
        })
        .await
    }

    /// Deletes an account, takes it out of its rooms and closes its connections. Its messages go later, if that is wished.
    ///
    /// # Errors
    /// The password is wrong, or the store cannot be used.
    pub async fn close_account(
        self: &Arc<Self>,
        principal: Principal,
        deletion: AccountDeletion,
    ) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            let AccountDeletion { password, delete_messages } = deletion;
            let (user, proved) = (principal.user.id, chat.accounts.prove(&principal, password).await?);
            let _alone = chat.accounts.alone().await;
            // Who is in a private room follows its log: what ends a membership is an event of it.
            let member = Person { user_id: user, user: principal.user.name };
            for room in chat.hub.private_rooms(user).await? {
                chat.leave_private(room, member.clone()).await?;
            }
            chat.accounts.close(user, &proved, delete_messages, chat.present()).await?;
            chat.blocks.forget(user);
            chat.hub.close_account(user).await?;
            chat.departed.notify_one();
            Ok(())
        })
        .await
    }

    /// Replaces what an account tells of itself, and tells everybody who shares a room with it.
    ///
    /// # Errors
    /// The account is gone, or the store cannot be used.
    pub async fn set_profile(self: &Arc<Self>, principal: &Principal, profile: Profile) -> Result<(), Error> {
        let (chat, user) = (self.clone(), principal.user.id);
        self.rates.profile(user)?;
        whole(async move {
            let _alone = chat.accounts.alone().await;
            chat.accounts.set_profile(user, profile.clone()).await?;
            let told = (profile != Profile::default()).then(|| Arc::new(profile));
            Ok(chat.hub.set_profile(user, told).await?)
        })
        .await
    }

    /// What an account is told of itself.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn account(&self, principal: &Principal) -> Result<Account, Error> {
        let store::Account { user, role, created_at, mail, profile, .. } =
            self.accounts.account(principal).await?;
        let told = |mail: MailAddress| mail.as_str().to_owned();
        let mail_waiting = self.accounts.waiting_mail(principal, self.present()).await?.map(told);
        let (mail, can_mail) = (mail.map(told), self.mail.is_on());
        Ok(Account {
            user_id: user.id,
            name: user.name,
            role,
            created_at,
            mail,
            mail_waiting,
            can_mail,
            profile,
        })
    }

    /// The public keys that verify access tokens.
    pub fn public_keys(&self) -> JwkSet {
        self.accounts.public_keys()
    }
}

impl Session {
    /// Prolongs the connection with a newer access token of the same session.
    ///
    /// # Errors
    /// The connection is not an account's, or the token is not valid or of another session.
    pub async fn renew(&self, token: &str, id: Option<RequestId>) -> Result<(), Error> {
        let Some(login) = &self.login else {
            return Err(Failure::new(ErrorCode::AlreadyAuthenticated, "this connection is a guest's").into());
        };
        let principal = self.chat.verify(token).await?;
        if principal.session != login.session {
            let message = "this token is of another session; open a connection for it";
            return Err(Failure::new(ErrorCode::AlreadyAuthenticated, message).into());
        }
        login.prolong(principal.expires_at);
        self.answer(&ServerFrame::Renewed { expires_at: principal.expires_at, id });
        Ok(())
    }
}
