//! Accounts and rooms, for administrators.

use std::sync::Arc;

use shared::UserId;
use shared::account::{ListedRooms, Role, UserChange, Users};

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
            let ended = chat.accounts.change_user(&principal, user, change).await?;
            Ok(chat.hub.end_sessions(ended).await?)
        })
        .await
    }

    /// Returns at most `limit` public rooms after the name `after`.
    ///
    /// # Errors
    /// The account is no administrator, or the store cannot be used.
    pub async fn all_rooms(
        &self,
        principal: &Principal,
        after: &str,
        limit: u16,
    ) -> Result<ListedRooms, Error> {
        principal.need(Role::Admin)?;
        // Memberships are stored a moment later.
        self.store_changes().await?;
        Ok(self.store.listed_rooms(after, limit).await?)
    }
}
