//! What a person may look at: history, members, the room list, their own read marks.

use std::collections::HashSet;
use std::sync::Arc;

use shared::limits::{HISTORY_EVENTS, MEMBERS_PAGE, ROOMS_PAGE, SNAPSHOT_EVENTS};
use shared::{RequestId, RoomAddress, RoomEvent, RoomName, Seq, ServerFrame, UserId};

use super::{Session, join};
use crate::error::Error;
use crate::room::RoomInfo;

impl Session {
    /// Answers with a page of a joined room's log, in the order of `seq`.
    pub async fn history(
        &self,
        address: &RoomAddress,
        before: Option<Seq>,
        after: Option<Seq>,
        limit: Option<u16>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let limit = limit.unwrap_or(SNAPSHOT_EVENTS).min(HISTORY_EVENTS);
        self.link.outbox.drained().await;
        let mut events = match after {
            Some(after) => self.chat.store.after(&room, after, limit + 1).await?,
            None => self.chat.store.before(&room, before, limit + 1).await?,
        };
        // One more than asked for tells whether there is more; the page is filled from the near end.
        if after.is_none() {
            events.reverse();
        }
        let found = events.len();
        let fit = join::fitting(events.iter().take(usize::from(limit)));
        events.truncate(fit);
        if after.is_none() {
            events.reverse();
        }
        let frame = ServerFrame::History {
            room: room.address.clone(),
            epoch: room.epoch,
            events: events.into_iter().map(RoomEvent::Posted).collect(),
            more: found > fit,
            id,
        };
        self.link.answer(&frame);
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

    /// Everything up to `seq` has been read.
    pub async fn mark_read(
        &self,
        address: &RoomAddress,
        seq: Seq,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        let mark = self.chat.hub.mark_read(self.connection, room.id, seq).await?;
        let mark = mark.ok_or_else(|| Error::NotAMember(address.clone()))?;
        self.link.answer(&ServerFrame::Read { room: room.address.clone(), seq: mark, id });
        Ok(())
    }

    fn joined(&self, address: &RoomAddress) -> Result<Arc<RoomInfo>, Error> {
        self.link.room(address).ok_or_else(|| Error::NotAMember(address.clone()))
    }
}
