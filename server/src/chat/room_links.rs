//! Links that let people into a room, as an invitation by who made them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use shared::account::{LinkSecret, NewLink};
use shared::limits::ROOMS_PER_PERSON;
use shared::room_link::{NewRoomLink, RoomLink as Told, RoomLinkPreview, RoomLinkUsed, RoomLinks};
use shared::{ErrorCode, Person, RoomAddress, RoomKind, UserId};
use uuid::Uuid;

use super::moderation::restricted;
use super::permissions::{Action, Standing};
use super::{Chat, Session};
use crate::accounts::Refusal;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::room::RoomInfo;
use crate::secret;
use crate::store::{
    At, MembershipChange, NewMembership, Outcome, RoomLink, RoomLinkUse, SecretHash, StoreError, Write,
};

impl Session {
    /// Makes a link into a room.
    ///
    /// # Errors
    /// The user may not, there are too many, or it cannot be stored.
    pub async fn make_room_link(&self, address: &RoomAddress, new: NewRoomLink) -> Result<NewLink, Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Link).await?;
        self.chat.rates.join(self.user)?;
        let text = secret::draw().map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
        let secret =
            LinkSecret::new(text).context("the secret has another form").map_err(StoreError::Corrupt)?;
        let (at, lasts) = (self.chat.at(), Duration::from_secs(new.expires_in.into()));
        let link = RoomLink {
            id: Uuid::new_v4(),
            room,
            made_by: self.user,
            made_at: at.1,
            ends_at: at.0.after(lasts),
            expires_at: at.1.later(lasts),
            uses_left: new.uses,
        };
        let told = NewLink { id: link.id, link: secret, expires_at: link.expires_at };
        let secret = hash(&told.link);
        self.chat.settled(Write::AddRoomLink { link, secret, at }).await?;
        Ok(told)
    }

    /// Returns the links into a room that can be used: those that the user has made, and to a moderator all.
    ///
    /// # Errors
    /// The user may not make any, or the store cannot be used.
    pub async fn room_links(&self, address: &RoomAddress) -> Result<RoomLinks, Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Link).await?;
        let sees_all = self.may(&room, Action::Restrict).await?;
        let mut links = self.chat.store.room_links(room.id, self.chat.at()).await?;
        links.retain(|link| *link.room == *room && (sees_all || link.made_by == self.user));
        let mut makers: HashMap<UserId, Option<Person>> = HashMap::new();
        for link in &links {
            if let Entry::Vacant(maker) = makers.entry(link.made_by) {
                maker.insert(self.chat.maker(link).await?);
            }
        }
        let told = links.into_iter().filter_map(|link| {
            let RoomLink { id, made_by, made_at, expires_at, uses_left, .. } = link;
            let made_by = makers.get(&made_by)?.clone()?;
            Some(Told { id, made_by, made_at, expires_at, uses_left })
        });
        let links = told.collect();
        self.check_reader(&room).await?;
        Ok(RoomLinks { links })
    }

    /// Withdraws a link into a room.
    ///
    /// # Errors
    /// The user may not make any, there is no such link, or the user has not made it and is no moderator.
    pub async fn withdraw_room_link(&self, address: &RoomAddress, id: Uuid) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Link).await?;
        let sees_all = self.may(&room, Action::Restrict).await?;
        let made_by = (!sees_all).then_some(self.user);
        let write = Write::WithdrawRoomLink { room: room.id, id, made_by };
        self.chat.settled(write).await.map_err(|error| match error {
            Error::NotStored(_) => Refusal::NoSuchInvitation.into(),
            other => other,
        })
    }

    /// Uses a link: the user becomes a member of a private room, and learns the address. Who is a member does not use it up.
    ///
    /// # Errors
    /// The link has ended, whoever made it may not invite any more, the user is banned from the room or in too many, or
    /// it cannot be stored.
    pub async fn use_room_link(&self, link: &LinkSecret) -> Result<RoomLinkUsed, Error> {
        self.chat.rates.join(self.user)?;
        let (RoomLink { room, .. }, by) = self.chat.valid_link(link).await?;
        let used = RoomLinkUsed { room: room.address.clone() };
        if self.chat.hub.member(room.id, self.user).await?.is_some() {
            return Ok(used);
        }
        if let Some(why) = self.chat.restrictions.banned(&room, self.user, wall_clock()) {
            return Err(restricted(why, &room));
        }
        if self.chat.hub.count_rooms(self.user).await?.0 >= ROOMS_PER_PERSON {
            return Err(Error::TooManyRooms(room.address.clone()));
        }
        let membership = room.is_private().then(|| NewMembership {
            room,
            by,
            member: self.person(),
            change: MembershipChange::Added,
            timestamp: wall_clock(),
        });
        let write = RoomLinkUse { secret: hash(link), at: self.chat.at(), membership };
        match self.chat.writer.commit(Write::UseRoomLink(write)).await? {
            Outcome::Refused(ErrorCode::LinkEnded) => Err(Refusal::LinkEnded.into()),
            Outcome::Refused(code) => Err(Error::NotStored(code)),
            _ => Ok(used),
        }
    }
}

impl Chat {
    /// Tells where a link leads.
    ///
    /// # Errors
    /// It has ended, or whoever made it may not invite any more; or the store cannot be used.
    pub async fn preview_room_link(&self, link: &LinkSecret) -> Result<RoomLinkPreview, Error> {
        let (RoomLink { room, .. }, _) = self.valid_link(link).await?;
        let (details, member_count) = self.hub.describe(room.id).await?.ok_or(Refusal::LinkEnded)?;
        let title = match (room.kind, &details.title) {
            (RoomKind::Public, _) | (_, None) => room.address.as_str(),
            (_, Some(title)) => title.as_str(),
        };
        Ok(RoomLinkPreview { title: title.to_owned(), kind: room.kind, member_count })
    }

    /// Returns a link and who made it.
    async fn valid_link(&self, link: &LinkSecret) -> Result<(RoomLink, Person), Error> {
        let found = self.store.room_link(&hash(link), self.at()).await?.ok_or(Refusal::LinkEnded)?;
        let maker = self.maker(&found).await?.ok_or(Refusal::LinkEnded)?;
        Ok((found, maker))
    }

    /// Returns who made a link, if they may make one at this moment.
    async fn maker(&self, RoomLink { room, made_by, .. }: &RoomLink) -> Result<Option<Person>, Error> {
        if self.check_ban(Some(*made_by), None).is_err() {
            return Ok(None);
        }
        let room: &Arc<RoomInfo> = room;
        let Some((name, room_role)) = self.hub.member(room.id, *made_by).await? else { return Ok(None) };
        let standing = Standing { role: self.accounts.role(*made_by).await?, room_role };
        let may = Action::Link.is_allowed(room.kind, standing);
        Ok(may.then_some(Person { user_id: *made_by, user: name }))
    }

    fn at(&self) -> At {
        let now = self.present();
        (now.server, now.wall)
    }
}

fn hash(link: &LinkSecret) -> SecretHash {
    secret::hash(link.as_str())
}
