//! Accounts and rooms, for administrators.

use std::sync::Arc;

use shared::account::{ListedRooms, Role, RoomUsage, UserChange, Users};
use shared::{DetailsChange, Person, RoomAddress, RoomName, UserId};

use super::Chat;
use super::accounts::whole;
use super::doors::check_usage;
use crate::accounts::Principal;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::store::{NewDetails, Write};

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

    /// Archives a public room, opens it again or keeps it; an administrator need not be in it.
    ///
    /// # Errors
    /// The account is no administrator, there is no such room, it is the first one, or it cannot be stored.
    pub async fn change_usage(
        self: &Arc<Self>,
        principal: &Principal,
        name: RoomName,
        RoomUsage { archived, permanent }: RoomUsage,
    ) -> Result<(), Error> {
        principal.need(Role::Admin)?;
        self.rates.moderate(principal.user.id)?;
        let address = RoomAddress::from(name);
        let change = DetailsChange { archived, permanent, ..DetailsChange::default() };
        check_usage(&address, &change)?;
        let rooms = self.store.rooms().await?;
        let room = rooms.into_iter().find(|room| room.address == address).ok_or(Error::NotFound)?;
        let by = Person { user_id: principal.user.id, user: principal.user.name.clone() };
        let chat = self.clone();
        whole(async move {
            chat.settled(Write::Details(NewDetails { room, by, change, timestamp: wall_clock() })).await
        })
        .await
    }
}
