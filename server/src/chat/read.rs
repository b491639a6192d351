//! What a person may look at: history, single messages, members, the room list. Each answer is one page; it is made
//! when the connection has room for it (`ws/connection` waits), so that nothing piles up for who does not read.

use std::collections::HashSet;
use std::sync::Arc;

use shared::limits::{HISTORY_EVENTS, MEMBERS_PAGE, ROOMS_PAGE, SNAPSHOT_EVENTS};
use shared::{
    Emoji, ErrorCode, History, Messages, Posted, Reactors, RequestId, RoomAddress, RoomEvent, RoomName, Seq,
    ServerFrame, UserId, Versions,
};

use super::Session;
use crate::error::Error;
use crate::room::RoomInfo;
use crate::store::{PageAt, Part, Side};

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
        self.answer_messages(&room, messages, id);
        Ok(())
    }

    /// Answers with pinned messages of a joined room.
    pub async fn pins(&self, address: &RoomAddress, side: Side, id: Option<RequestId>) -> Result<(), Error> {
        let room = self.joined(address)?;
        let messages = self.chat.store.pins(&room, side, self.user).await?;
        self.answer_messages(&room, messages, id);
        Ok(())
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
        self.answer_messages(&room, messages, id);
        Ok(())
    }

    /// Answers with texts that a message had.
    pub async fn versions(
        &self,
        address: &RoomAddress,
        target: Seq,
        side: Side,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let found = self.chat.store.versions(&room, target, side).await?;
        let Part { items: versions, more } = found.ok_or(Error::NotStored(ErrorCode::NoSuchMessage))?;
        let room = room.address.clone();
        self.link.answer(&ServerFrame::Versions(Versions { room, target, versions, more, id }));
        Ok(())
    }

    /// Answers with people who reacted to a message with `emoji`.
    pub async fn reactors(
        &self,
        address: &RoomAddress,
        target: Seq,
        emoji: Emoji,
        after: Option<Seq>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let found = self.chat.store.reactors(&room, target, &emoji, after.unwrap_or_default()).await?;
        let Part { items: users, more } = found.ok_or(Error::NotStored(ErrorCode::NoSuchMessage))?;
        let room = room.address.clone();
        self.link.answer(&ServerFrame::Reactors(Reactors { room, target, emoji, users, more, id }));
        Ok(())
    }

    fn answer_messages(&self, room: &RoomInfo, Part { items, more }: Part<Posted>, id: Option<RequestId>) {
        self.link.answer(&ServerFrame::Messages(Messages {
            room: room.address.clone(),
            epoch: room.epoch,
            events: items.into_iter().map(RoomEvent::Posted).collect(),
            more,
            id,
        }));
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
        self.link.answer(&ServerFrame::Rooms { rooms, more, id });
        Ok(())
    }

    pub(super) fn joined(&self, address: &RoomAddress) -> Result<Arc<RoomInfo>, Error> {
        self.link.room(address).ok_or_else(|| Error::NotAMember(address.clone()))
    }
}
