//! What a person may look at: history, single messages, members, the room list.

use std::collections::HashSet;
use std::sync::Arc;

use shared::limits::{HISTORY_EVENTS, MEMBERS_PAGE, PAGE_BYTES, ROOMS_PAGE, SNAPSHOT_EVENTS};
use shared::{
    ErrorCode, History, Messages, Posted, RequestId, RoomAddress, RoomEvent, RoomName, Seq, ServerFrame,
    UserId,
};

use super::Session;
use crate::error::Error;
use crate::room::RoomInfo;
use crate::store::{PageAt, wire_size};

impl Session {
    /// Answers with a page of a joined room's messages, as they are now.
    pub async fn history(
        &self,
        address: &RoomAddress,
        at: PageAt,
        limit: Option<u16>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let limit = limit.unwrap_or(SNAPSHOT_EVENTS).min(HISTORY_EVENTS);
        self.link.outbox.drained().await;
        let page = self.chat.store.page(&room, at, limit, self.user).await?;
        self.link.answer(&ServerFrame::History(History {
            room: room.address.clone(),
            epoch: room.epoch,
            start: page.start,
            end: page.end,
            events: page.messages.into_iter().map(RoomEvent::Posted).collect(),
            more: page.more,
            id,
        }));
        Ok(())
    }

    /// Answers with these messages of a joined room.
    pub async fn messages(
        &self,
        address: &RoomAddress,
        seqs: &[Seq],
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let messages = self.chat.store.messages(&room, seqs, self.user).await?;
        self.answer_messages(&room, messages, id).await
    }

    /// Answers with the pinned messages of a joined room.
    pub async fn pins(&self, address: &RoomAddress, id: Option<RequestId>) -> Result<(), Error> {
        let room = self.joined(address)?;
        let messages = self.chat.store.pins(&room, self.user).await?;
        self.answer_messages(&room, messages, id).await
    }

    /// Answers with the messages that answer `target`.
    pub async fn replies(
        &self,
        address: &RoomAddress,
        target: Seq,
        after: Option<Seq>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let after = after.unwrap_or_default();
        let messages = self.chat.store.replies(&room, target, after, HISTORY_EVENTS, self.user).await?;
        self.answer_messages(&room, messages, id).await
    }

    /// Answers with the texts that a message had.
    pub async fn versions(
        &self,
        address: &RoomAddress,
        target: Seq,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let versions = self.chat.store.versions(&room, target).await?;
        if versions.is_empty() {
            return Err(Error::NotStored(ErrorCode::NoSuchMessage));
        }
        self.link.outbox.drained().await;
        self.link.answer(&ServerFrame::Versions { room: room.address.clone(), target, versions, id });
        Ok(())
    }

    /// As many of these messages as fit into a page, in one frame.
    async fn answer_messages(
        &self,
        room: &RoomInfo,
        mut messages: Vec<Posted>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let mut bytes = 0;
        let fit = messages.iter().take_while(|posted| {
            bytes += wire_size(posted);
            bytes <= PAGE_BYTES
        });
        let fit = fit.count().max(1);
        let more = messages.len() > fit || messages.len() == usize::from(HISTORY_EVENTS);
        messages.truncate(fit);
        self.link.outbox.drained().await;
        self.link.answer(&ServerFrame::Messages(Messages {
            room: room.address.clone(),
            epoch: room.epoch,
            events: messages.into_iter().map(RoomEvent::Posted).collect(),
            more,
            id,
        }));
        Ok(())
    }

    /// Answers with a page of a room's members.
    pub async fn members(
        &self,
        address: &RoomAddress,
        after: Option<UserId>,
        limit: Option<u16>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let limit = limit.map_or(MEMBERS_PAGE, usize::from).min(MEMBERS_PAGE);
        let (members, more) = self.chat.hub.members(room.id, after, limit).await?;
        self.link.outbox.drained().await;
        self.link.answer(&ServerFrame::Members { room: room.address.clone(), members, more, id });
        Ok(())
    }

    /// Tells this client of single changes of these members, though the room may be big.
    pub async fn watch_members(
        &self,
        address: &RoomAddress,
        users: Vec<UserId>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let users: HashSet<UserId> = users.into_iter().collect();
        self.chat.hub.watch_members(self.connection, room.id, users).await?;
        self.link.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Answers with a page of the room list; its changes follow from now on.
    pub async fn list_rooms(
        &self,
        after: Option<RoomName>,
        limit: Option<u16>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let limit = limit.map_or(ROOMS_PAGE, usize::from).min(ROOMS_PAGE);
        let (rooms, more) = self.chat.hub.rooms(self.connection, after, limit).await?;
        self.link.outbox.drained().await;
        self.link.answer(&ServerFrame::Rooms { rooms, more, id });
        Ok(())
    }

    pub(super) fn joined(&self, address: &RoomAddress) -> Result<Arc<RoomInfo>, Error> {
        self.link.room(address).ok_or_else(|| Error::NotAMember(address.clone()))
    }
}
