//! All public rooms, for administrators.

use std::sync::Arc;

use shared::account::Role;
use shared::all_rooms::{ListedRooms, RoomUsage};
use shared::{DetailsChange, Person, RoomAddress, RoomName};

use super::Chat;
use super::accounts::whole;
use super::doors::check_usage;
use crate::accounts::Principal;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::store::{NewDetails, Write};

impl Chat {
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
