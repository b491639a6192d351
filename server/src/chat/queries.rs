//! Queries: history, single messages, members, the room list. Each answer is one page. It is built only when the
//! connection's outbox has room (`ws/connection` waits), so that no answers pile up for a client that does not read.

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
use crate::store::{Page, PageAt, PageCursor};

impl Session {
    /// Answers with a page of a joined room's messages in their current state.
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
        self.introduce_authors(&page.messages);
        self.answer_read(
            &room,
            &ServerFrame::History(History {
                room: room.address.clone(),
                epoch: room.epoch,
                start: page.start,
                end: page.end,
                events: page.messages.into_iter().map(RoomEvent::Posted).collect(),
                more: page.more,
                id,
            }),
        )
        .await
    }

    /// Answers with the given messages of a joined room.
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

    /// Answers with a page of a joined room's pinned messages.
    pub async fn pins(
        &self,
        address: &RoomAddress,
        cursor: PageCursor,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let messages = self.chat.store.pins(&room, cursor, self.user).await?;
        self.answer_messages(&room, messages, id).await
    }

    /// Answers with a page of the replies to `target`.
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

    /// Answers with a page of the texts that a message has had.
    pub async fn versions(
        &self,
        address: &RoomAddress,
        target: Seq,
        cursor: PageCursor,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let found = self.chat.store.versions(&room, target, cursor).await?;
        let Page { items: versions, more } = found.ok_or(Error::NotStored(ErrorCode::NoSuchMessage))?;
        let address = address.clone();
        let versions = Versions { room: address, target, versions, more, id };
        self.answer_read(&room, &ServerFrame::Versions(versions)).await
    }

    /// Answers with a page of the people who reacted to a message with `emoji`.
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
        let Page { items: users, more } = found.ok_or(Error::NotStored(ErrorCode::NoSuchMessage))?;
        let address = address.clone();
        let reactors = Reactors { room: address, target, emoji, users, more, id };
        self.answer_read(&room, &ServerFrame::Reactors(reactors)).await
    }

    async fn answer_messages(
        &self,
        room: &RoomInfo,
        Page { items, more }: Page<Posted>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.introduce_authors(&items);
        self.answer_read(
            room,
            &ServerFrame::Messages(Messages {
                room: room.address.clone(),
                epoch: room.epoch,
                events: items.into_iter().map(RoomEvent::Posted).collect(),
                more,
                id,
            }),
        )
        .await
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
        for member in &members {
            self.introduce(member.user_id, &member.username);
        }
        let address = address.clone();
        self.answer_in(&room, &ServerFrame::Members { room: address, members, more, id })
    }

    /// Subscribes this connection to individual changes of these members, even in a big room.
    pub async fn watch_members(
        &self,
        address: &RoomAddress,
        users: Vec<UserId>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let users: HashSet<UserId> = users.into_iter().collect();
        self.chat.hub.watch_members(self.connection, room.id, users).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Answers with a page of the room list, and subscribes to its changes.
    pub async fn list_rooms(
        &self,
        after: Option<RoomName>,
        limit: Option<u16>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let limit = limit.map_or(ROOMS_PAGE, usize::from).min(ROOMS_PAGE);
        let (rooms, more) = self.chat.hub.rooms(self.connection, after, limit).await?;
        self.handle.answer(&ServerFrame::Rooms { rooms, more, id });
        Ok(())
    }

    pub(super) fn joined(&self, address: &RoomAddress) -> Result<Arc<RoomInfo>, Error> {
        self.handle.room(address).ok_or_else(|| Error::NotAMember(address.clone()))
    }
}
