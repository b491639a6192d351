//! Private rooms: creating them, inviting and removing people; roles in a room, and what a room tells of itself.

use std::sync::Arc;

use shared::account::Role;
use shared::{
    DetailsChange, Epoch, ErrorCode, Failure, NewRoom, Person, RequestId, RoomAddress, RoomKind, RoomRole,
    ServerFrame, ShortText, UserId, Whom,
};
use uuid::Uuid;

use super::Session;
use super::permissions::{Action, Standing, privileges};
use crate::accounts::Refusal;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::room::RoomInfo;
use crate::secret;
use crate::store::{MembershipChange, NewDetails, NewMembership, NewPrivateRoom, Outcome, StoreError, Write};

impl Session {
    /// Creates a private room and joins it.
    ///
    /// # Errors
    /// The user may not, somebody who is to be invited is not known, or it cannot be stored.
    pub async fn create_room(&self, new: NewRoom, id: Option<RequestId>) -> Result<(), Error> {
        self.chat.rates.join(self.user)?;
        let standing = Standing { role: self.role().await?, room_role: RoomRole::Member };
        if !Action::Create.is_allowed(new.kind, standing) {
            return Err(forbidden());
        }
        let mut members = Vec::with_capacity(new.user_ids.len());
        for user in new.user_ids {
            members.push(self.somebody(Whom::Id(user)).await?);
        }
        let random = || secret::draw().map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)));
        let address = RoomAddress::known(&format!("~{}", random()?));
        let write = Write::CreateRoom(NewPrivateRoom {
            address: address.map_err(|error| StoreError::Corrupt(error.into()))?,
            epoch: Epoch::from_random(Uuid::new_v4().as_u64_pair().1),
            details: new.details,
            author: self.author(new.client_message_id),
            members,
            timestamp: wall_clock(),
        });
        match self.chat.writer.commit(write).await? {
            Outcome::Room(room) | Outcome::Created(room, _) => self.enter(&room.address, None, id).await,
            Outcome::Refused(code) => Err(Error::NotStored(code)),
            _ => Err(forbidden()),
        }
    }

    /// Makes somebody a member of a private room.
    ///
    /// # Errors
    /// The user may not, the other one is not known, or it cannot be stored.
    pub async fn invite(
        &self,
        address: &RoomAddress,
        whom: Whom,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Invite).await?;
        self.chat.rates.join(self.user)?;
        let member = self.somebody(whom).await?;
        self.change_membership(&room, member, MembershipChange::Added).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Ends somebody else's membership of a private room.
    ///
    /// # Errors
    /// The user may not, or it cannot be stored.
    pub async fn remove_member(
        &self,
        address: &RoomAddress,
        user: UserId,
        reason: Option<ShortText>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::RemoveMember).await?;
        if let Some((name, _)) = self.chat.hub.member(room.id, user).await? {
            let member = Person { user_id: user, user: name };
            self.change_membership(&room, member, MembershipChange::Removed { reason }).await?;
        }
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Makes a member a moderator of the room, or an ordinary member again.
    ///
    /// # Errors
    /// The user may not, the other one is no member, or it cannot be stored.
    pub async fn set_room_role(
        &self,
        address: &RoomAddress,
        user: UserId,
        role: RoomRole,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::SetRoomRole).await?;
        let (name, _) = self.chat.hub.member(room.id, user).await?.ok_or_else(no_such_user)?;
        if room.kind == RoomKind::Public {
            // Memberships of public rooms are stored behind.
            self.chat.store_changes().await?;
        }
        let member = Person { user_id: user, user: name };
        self.change_membership(&room, member, MembershipChange::Role(role)).await?;
        let standing = Standing { role: self.chat.accounts.role(user).await?, room_role: role };
        let may = privileges(room.kind, standing);
        self.chat.hub.tell_standing(room.id, user, role, may).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Changes some of what a room tells of itself.
    ///
    /// # Errors
    /// The user may not, or it cannot be stored.
    pub async fn edit_room(
        &self,
        address: &RoomAddress,
        change: DetailsChange,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::EditRoom).await?;
        self.chat.rates.chat(self.user)?;
        if change.title.as_ref().is_some_and(|title| title.is_none() == room.is_private()) {
            let message = "a private room has a \"title\", a public one its name";
            return Err(Failure::new(ErrorCode::InvalidField, message).in_field("title").into());
        }
        let write = NewDetails { room, by: self.person(), change, timestamp: wall_clock() };
        self.settled(Write::Details(write)).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Leaves a private room: an event of its log.
    pub(super) async fn leave_private(&self, room: &Arc<RoomInfo>) -> Result<(), Error> {
        self.change_membership(room, self.person(), MembershipChange::Removed { reason: None }).await
    }

    /// What the user may do in a room beyond reading and writing, as far as the sign-in tells.
    pub(super) fn privileges(&self, kind: RoomKind, room_role: RoomRole) -> Vec<shared::Privilege> {
        let role = self.login.as_ref().map(|login| login.role);
        privileges(kind, Standing { role, room_role })
    }

    async fn change_membership(
        &self,
        room: &Arc<RoomInfo>,
        member: Person,
        change: MembershipChange,
    ) -> Result<(), Error> {
        let (room, by, timestamp) = (room.clone(), self.person(), wall_clock());
        self.settled(Write::Membership(NewMembership { room, by, member, change, timestamp })).await
    }

    async fn settled(&self, write: Write) -> Result<(), Error> {
        match self.chat.writer.commit(write).await? {
            Outcome::Refused(code) => Err(Error::NotStored(code)),
            _ => Ok(()),
        }
    }

    /// Checks that the user may do something in a room.
    async fn check(&self, room: &RoomInfo, action: Action) -> Result<(), Error> {
        if self.may(room, action).await? { Ok(()) } else { Err(forbidden()) }
    }

    /// Returns whether the user may do something in a room, by what they are at this moment.
    pub(super) async fn may(&self, room: &RoomInfo, action: Action) -> Result<bool, Error> {
        let member = self.chat.hub.member(room.id, self.user).await?;
        let (_, room_role) = member.ok_or_else(|| Error::NotAMember(room.address.clone()))?;
        Ok(action.is_allowed(room.kind, Standing { role: self.role().await?, room_role }))
    }

    /// The present role of the user in the installation; `None` for a guest.
    async fn role(&self) -> Result<Option<Role>, Error> {
        let Some(login) = &self.login else { return Ok(None) };
        let found = self.chat.accounts.user_of(login.session, self.chat.present()).await?;
        Ok(Some(found.ok_or(Refusal::SessionEnded)?.1))
    }

    async fn somebody(&self, whom: Whom) -> Result<Person, Error> {
        self.chat.hub.find_user(whom).await?.ok_or_else(no_such_user)
    }

    fn person(&self) -> Person {
        Person { user_id: self.user, user: self.name() }
    }
}

fn forbidden() -> Error {
    Failure::new(ErrorCode::Forbidden, "you may not do this in this room").into()
}

fn no_such_user() -> Error {
    Failure::new(ErrorCode::NoSuchUser, "there is nobody of that name here").into()
}
