//! Who may come in, and links that let somebody in.

use std::sync::Arc;

use shared::account::{Entrance, EntranceChange, Invitations, NewInvitation, NewLink, NewReset};
use uuid::Uuid;

use super::Chat;
use super::accounts::whole;
use crate::accounts::{Principal, Refusal};
use crate::error::Error;

impl Chat {
    /// Checks that guests may come in.
    ///
    /// # Errors
    /// They may not.
    pub fn check_guests(&self) -> Result<(), Error> {
        if self.accounts.are_guests_welcome() { Ok(()) } else { Err(Refusal::GuestsClosed.into()) }
    }

    /// What the first page offers.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn entrance(&self) -> Result<Entrance, Error> {
        Ok(Entrance { mail: self.mail.is_on(), ..self.accounts.entrance().await? })
    }

    /// Decides who may come in. When guests may not any more, their connections are closed.
    ///
    /// # Errors
    /// Only an owner may, and only what was not said at the start; or the store cannot be used.
    pub async fn change_entrance(
        self: &Arc<Self>,
        principal: Principal,
        change: EntranceChange,
    ) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            chat.accounts.change_entrance(&principal, change, chat.present()).await?;
            if !chat.accounts.are_guests_welcome() {
                chat.hub.end_guests().await?;
            }
            Ok(())
        })
        .await
    }

    /// See [`crate::accounts::Accounts::invitations`].
    pub async fn invitations(&self, principal: &Principal) -> Result<Invitations, Error> {
        self.accounts.invitations(principal, self.present()).await
    }

    /// See [`crate::accounts::Accounts::invite`].
    pub async fn invite(&self, principal: &Principal, new: NewInvitation) -> Result<NewLink, Error> {
        self.accounts.invite(Some(principal), new, self.present()).await
    }

    /// See [`crate::accounts::Accounts::withdraw`].
    pub async fn withdraw(&self, principal: &Principal, invitation: Uuid) -> Result<(), Error> {
        self.accounts.withdraw(principal, invitation).await
    }

    /// See [`crate::accounts::Accounts::reset_link`].
    pub async fn reset_link(&self, principal: &Principal, new: &NewReset) -> Result<NewLink, Error> {
        self.accounts.reset_link(Some(principal), &new.name, self.present()).await
    }

    /// See [`crate::accounts::Accounts::first_owner_url`].
    pub async fn first_owner_url(&self) -> Result<Option<String>, Error> {
        self.accounts.first_owner_url(self.present()).await
    }
}
