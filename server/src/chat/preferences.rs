//! What accounts prefer: favourites, muted rooms and blocked people. It follows them to all their devices.

use std::sync::Arc;

use shared::account::{Favourites, Preferences};
use shared::{ErrorCode, Failure, Person, RoomAddress, UserId};

use super::accounts::whole;
use super::{Chat, Session};
use crate::accounts::{Principal, Refusal};
use crate::error::Error;
use crate::store::Preference;

impl Chat {
    /// Returns what an account prefers, without private rooms that it is not in any more.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn preferences(&self, user: UserId) -> Result<Preferences, Error> {
        let preferred = self.accounts.preferred(user).await?;
        let favourites = self.hub.known_rooms(user, preferred.favourites).await?;
        let muted = self.hub.known_rooms(user, preferred.muted).await?;
        // Somebody whose account is deleted is in no list any more.
        let person = |user_id| self.accounts.present_name(user_id).ok().map(|user| Person { user_id, user });
        Ok(Preferences {
            favourites,
            muted,
            blocked: preferred.blocked.into_iter().filter_map(person).collect(),
        })
    }

    /// Replaces the favourites of an account. Private rooms that it is not in are left out, whether they exist or not.
    ///
    /// # Errors
    /// The account is gone, or the store cannot be used.
    pub async fn set_favourites(
        self: &Arc<Self>,
        principal: &Principal,
        Favourites { rooms }: Favourites,
    ) -> Result<(), Error> {
        let (chat, user) = (self.clone(), principal.user.id);
        self.rates.preference(user)?;
        whole(async move {
            let _alone = chat.accounts.alone().await;
            let rooms = chat.hub.known_rooms(user, rooms).await?;
            let became = chat.accounts.set_favourites(user, &rooms).await?;
            chat.preferred(user, became).await
        })
        .await
    }

    /// Mutes a room for an account, or ends that.
    ///
    /// # Errors
    /// It is a private room that the account is not in, or none; the account is gone or has muted too many; or the store
    /// cannot be used.
    pub async fn set_room_muted(
        self: &Arc<Self>,
        principal: &Principal,
        room: RoomAddress,
        muted: bool,
    ) -> Result<(), Error> {
        let (chat, user) = (self.clone(), principal.user.id);
        self.rates.preference(user)?;
        whole(async move {
            let _alone = chat.accounts.alone().await;
            if muted && chat.hub.known_rooms(user, vec![room.clone()]).await?.is_empty() {
                return Err(Error::NotAMember(room));
            }
            let became = chat.accounts.set_room_muted(user, &room, muted).await?;
            chat.preferred(user, became).await
        })
        .await
    }

    /// Blocks an account for another one, or ends that.
    ///
    /// # Errors
    /// There is no such account, or it is one's own; too many are blocked; or the store cannot be used.
    pub async fn set_blocked(
        self: &Arc<Self>,
        principal: &Principal,
        other: UserId,
        blocked: bool,
    ) -> Result<(), Error> {
        let (chat, user) = (self.clone(), principal.user.id);
        self.rates.preference(user)?;
        if user == other {
            return Err(Failure::new(ErrorCode::Forbidden, "you cannot do this to yourself").into());
        }
        whole(async move {
            let _alone = chat.accounts.alone().await;
            let became = chat.accounts.set_blocked(user, other, blocked).await?;
            if became == Preference::NoAccount {
                let message = "there is no account of this id";
                return Err(Failure::new(ErrorCode::NoSuchUser, message).about(other).into());
            }
            if became == Preference::Changed {
                chat.blocks.set(user, other, blocked);
            }
            chat.preferred(user, became).await
        })
        .await
    }

    /// Tells all devices of an account what it prefers now, if that was changed.
    async fn preferred(&self, user: UserId, became: Preference) -> Result<(), Error> {
        match became {
            Preference::Changed => {
                let preferences = self.preferences(user).await?;
                Ok(self.hub.tell_preferences(user, None, preferences).await?)
            }
            Preference::Same => Ok(()),
            Preference::Full => Err(Error::NotStored(ErrorCode::TooMany)),
            Preference::NoAccount => Err(Refusal::SessionEnded.into()),
        }
    }
}

impl Session {
    /// Tells an account that has just signed in what it prefers. A change that came meanwhile was told by the hub, perhaps
    /// before this: then it is told again.
    pub(super) async fn tell_preferences(&self) -> Result<(), Error> {
        loop {
            let changes = self.chat.accounts.preference_changes();
            let preferences = self.chat.preferences(self.user).await?;
            self.chat.hub.tell_preferences(self.user, Some(self.connection), preferences).await?;
            if self.chat.accounts.preference_changes() == changes {
                return Ok(());
            }
        }
    }
}
