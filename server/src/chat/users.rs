//! Accounts, for administrators.

use std::sync::Arc;

use shared::UserId;
use shared::account::{UserChange, Users};

use super::Chat;
use super::accounts::whole;
use crate::accounts::Principal;
use crate::error::Error;

impl Chat {
    /// See [`crate::accounts::Accounts::users`].
    pub async fn users(
        &self,
        principal: &Principal,
        part: &str,
        after: &str,
        limit: u16,
    ) -> Result<Users, Error> {
        self.accounts.users(principal, part, after, limit).await
    }

    /// Changes the role of an account, or whether it can be used; then its connections are closed.
    ///
    /// # Errors
    /// See [`crate::accounts::Accounts::change_user`].
    pub async fn change_user(
        self: &Arc<Self>,
        principal: Principal,
        user: UserId,
        change: UserChange,
    ) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            let _alone = chat.accounts.alone().await;
            let ended = chat.accounts.change_user(&principal, user, change, chat.present()).await?;
            Ok(chat.hub.end_sessions(ended).await?)
        })
        .await
    }
}
