//! Private rooms: creating them, inviting and removing people; roles in a room, and what a room tells of itself.

use std::sync::Arc;

use shared::account::Role;
use shared::limits::{DIRECT_PEOPLE, DIRECT_PER_PERSON, ROOMS_PER_PERSON};
use shared::{
    DetailsChange, ErrorCode, Failure, NewRoom, Person, RequestId, RoomAddress, RoomKind, RoomName, RoomRole,
    ServerFrame, UserId, Whom,
};

use super::blocks::not_wanted;
use super::permissions::{Action, Standing, privileges};
use super::rooms::new_epoch;
use super::{Chat, Session};
use crate::accounts::Refusal;
use crate::error::Error;
use crate::hub::{Found, wall_clock};
use crate::room::RoomInfo;
use crate::secret;
use crate::store::{MembershipChange, NewDetails, NewMembership, NewPrivateRoom, Outcome, StoreError, Write};

impl Session {
    /// Creates a private room, or opens the direct conversation of these people, and joins it.
    ///
    /// # Errors
    /// The user may not, somebody is not known or in too many rooms, or it cannot be stored.
    pub async fn create_room(&self, new: NewRoom, id: Option<RequestId>) -> Result<(), Error> {
        self.chat.rates.join(self.user)?;
        let standing = Standing { role: self.role().await?, room_role: RoomRole::Member };
        if !Action::Create.is_allowed(new.kind, standing) {
            return Err(forbidden());
        }
        let mut people: Vec<Found> = Vec::with_capacity(new.user_ids.len() + 2);
        let named = new.user_ids.into_iter().map(Whom::Id).chain(new.usernames.into_iter().map(Whom::Name));
        for whom in std::iter::once(Whom::Id(self.user)).chain(named) {
            let found = self.somebody(whom).await?;
            if people.iter().all(|other| other.person.user_id != found.person.user_id) {
                people.push(found);
            }
        }
        if new.kind == RoomKind::Direct && people.len() > DIRECT_PEOPLE {
            let message = format!("a direct conversation is of at most {DIRECT_PEOPLE} people");
            return Err(Failure::new(ErrorCode::InvalidField, message).in_field("user_ids").into());
        }
        // Only of a room that does not exist yet: a repeated request finds the first one.
        let is_group = new.kind == RoomKind::Direct && people.len() > 2;
        let obstacle = people.iter().find_map(|found| self.obstacle(new.kind, is_group, found));
        let random = || secret::draw().map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)));
        let sign = if new.kind == RoomKind::Direct { "~~" } else { "~" };
        let address = RoomAddress::known(&format!("{sign}{}", random()?));
        let write = Write::CreateRoom(NewPrivateRoom {
            kind: new.kind,
            make: obstacle.is_none(),
            address: address.map_err(|error| StoreError::Corrupt(error.into()))?,
            epoch: new_epoch()?,
            details: new.details,
            author: self.author(new.client_message_id),
            members: people.into_iter().skip(1).map(|found| found.person).collect(),
            timestamp: wall_clock(),
        });
        match self.chat.writer.commit(write).await? {
            Outcome::Room(room) | Outcome::Created(room, _) => self.enter(&room.address, None, id).await,
            Outcome::Refused(code) => Err(obstacle.map_or(Error::NotStored(code), Error::from)),
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
        let found = self.somebody(whom).await?;
        if let Some(failure) = self.obstacle(room.kind, false, &found)
            && self.chat.hub.member(room.id, found.person.user_id).await?.is_none()
        {
            return Err(failure.into());
        }
        self.change_membership(&room, found.person, MembershipChange::Added).await?;
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
        self.chat.rates.moderate(self.user)?;
        let (name, _) = self.chat.hub.member(room.id, user).await?.ok_or_else(no_such_user)?;
        if room.kind == RoomKind::Public {
            // Memberships of public rooms are stored behind.
            self.chat.store_changes().await?;
        }
        let member = Person { user_id: user, user: name };
        self.change_membership(&room, member, MembershipChange::Role(role)).await?;
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
        for action in needed(&change) {
            self.check(&room, action).await?;
        }
        self.chat.rates.chat(self.user)?;
        if change.title.as_ref().is_some_and(|title| title.is_none() == room.is_private()) {
            let message = "a private room has a \"title\", a public one its name";
            return Err(Failure::new(ErrorCode::InvalidField, message).in_field("title").into());
        }
        check_usage(&room.address, &change)?;
        let write = NewDetails { room, by: self.person(), change, timestamp: wall_clock() };
        self.chat.settled(Write::Details(write)).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Leaves a private room.
    pub(super) async fn leave_private(&self, room: &Arc<RoomInfo>) -> Result<(), Error> {
        self.chat.leave_private(room.clone(), self.person()).await
    }

    /// What the user may do in a room beyond reading and writing, as far as the sign-in tells.
    pub(super) fn privileges(&self, kind: RoomKind, room_role: RoomRole) -> Vec<shared::Privilege> {
        let role = self.login.as_ref().map(|login| login.role);
        privileges(kind, Standing { role, room_role })
    }

    pub(super) async fn change_membership(
        &self,
        room: &Arc<RoomInfo>,
        member: Person,
        change: MembershipChange,
    ) -> Result<(), Error> {
        let (room, by, timestamp) = (room.clone(), self.person(), wall_clock());
        self.chat.settled(Write::Membership(NewMembership { room, by, member, change, timestamp })).await
    }

    /// Checks that the user may do something in a room.
    pub(super) async fn check(&self, room: &RoomInfo, action: Action) -> Result<(), Error> {
        if self.may(room, action).await? { Ok(()) } else { Err(forbidden()) }
    }

    /// Returns whether the user may do something in a room, by what they are at this moment.
    pub(super) async fn may(&self, room: &RoomInfo, action: Action) -> Result<bool, Error> {
        let member = self.chat.hub.member(room.id, self.user).await?;
        let (_, room_role) = member.ok_or_else(|| Error::NotAMember(room.address.clone()))?;
        Ok(action.is_allowed(room.kind, Standing { role: self.role().await?, room_role }))
    }

    /// The present role of the user in the installation; `None` for a guest.
    pub(super) async fn role(&self) -> Result<Option<Role>, Error> {
        let Some(login) = &self.login else { return Ok(None) };
        let found = self.chat.accounts.user_of(login.session, self.chat.present()).await?;
        Ok(Some(found.ok_or(Refusal::SessionEnded)?.1))
    }

    pub(super) async fn somebody(&self, whom: Whom) -> Result<Found, Error> {
        self.chat.hub.find_user(whom).await?.ok_or_else(no_such_user)
    }

    /// Why somebody cannot become a member of one more room of this kind.
    fn obstacle(&self, kind: RoomKind, is_group: bool, found: &Found) -> Option<Failure> {
        let id = found.person.user_id;
        if !is_group && self.chat.blocks.has(id, self.user) {
            return Some(not_wanted().about(id));
        }
        let (user, is_full) = match kind {
            RoomKind::Direct if !found.can_be_met => {
                return Some(Failure::new(ErrorCode::NoSuchUser, NOBODY).about(found.person.user_id));
            }
            RoomKind::Direct => (&found.person, found.conversations >= DIRECT_PER_PERSON),
            RoomKind::Public | RoomKind::Private => (&found.person, found.rooms >= ROOMS_PER_PERSON),
        };
        if !is_full {
            return None;
        }
        let failure = |message: String| Failure::new(ErrorCode::TooManyRooms, message);
        Some(if user.user_id == self.user {
            failure("you are in as many rooms as you may be; leave one first".to_owned())
        } else {
            failure(format!("{} is in as many rooms as one may be", user.user)).about(user.user_id)
        })
    }

    pub(super) fn person(&self) -> Person {
        Person { user_id: self.user, user: self.name() }
    }
}

impl Chat {
    /// Ends somebody's own membership of a private room: an event of its log.
    pub(super) async fn leave_private(&self, room: Arc<RoomInfo>, member: Person) -> Result<(), Error> {
        let change = MembershipChange::Removed { reason: None };
        let new = NewMembership { room, by: member.clone(), member, change, timestamp: wall_clock() };
        self.settled(Write::Membership(new)).await
    }
}

/// What one must be allowed for a change of a room.
fn needed(change: &DetailsChange) -> Vec<Action> {
    let DetailsChange { title, topic, description, slow_seconds, archived, permanent } = change;
    let uses = [
        (slow_seconds.is_some(), Action::SlowMode),
        (archived.is_some(), Action::Archive),
        (permanent.is_some(), Action::KeepRoom),
    ];
    let mut needed: Vec<Action> =
        uses.iter().filter(|(is_asked, _)| *is_asked).map(|(_, one)| *one).collect();
    if needed.is_empty() || title.is_some() || topic.is_some() || description.is_some() {
        needed.push(Action::EditRoom);
    }
    needed
}

fn forbidden() -> Error {
    Failure::new(ErrorCode::Forbidden, "you may not do this in this room").into()
}

const NOBODY: &str = "there is nobody of that name here";

fn no_such_user() -> Error {
    Failure::new(ErrorCode::NoSuchUser, NOBODY).into()
}

/// Checks that a room may be used like this.
///
/// # Errors
/// It is the first one.
pub(super) fn check_usage(room: &RoomAddress, change: &DetailsChange) -> Result<(), Failure> {
    let general = RoomAddress::from(RoomName::general());
    if *room == general && (change.archived == Some(true) || change.permanent == Some(false)) {
        let message = "everybody starts in this room: it stays, and is open";
        return Err(Failure::new(ErrorCode::Forbidden, message));
    }
    Ok(())
}
