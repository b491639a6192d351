//! Read marks, and what is unread after them.

use shared::{RequestId, RoomAddress, Seq, UnreadCount};

use super::Session;
use crate::error::Error;
use crate::hub::{Mark, Subscribed};
use crate::room::RoomInfo;

impl Session {
    /// Everything up to `seq` has been read.
    pub async fn mark_read(
        &self,
        address: &RoomAddress,
        seq: Seq,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.move_mark(address, Mark::Forward(seq), id).await
    }

    /// Nothing from `seq` on has been read.
    pub async fn mark_unread(
        &self,
        address: &RoomAddress,
        seq: Seq,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.move_mark(address, Mark::To(seq.before()), id).await
    }

    /// Tells the mark and what is unread.
    pub async fn count_unread(&self, address: &RoomAddress, id: Option<RequestId>) -> Result<(), Error> {
        self.move_mark(address, Mark::Stay, id).await
    }

    /// Moves the mark, counts what is unread after it, and tells all connections of the person.
    async fn move_mark(&self, address: &RoomAddress, to: Mark, id: Option<RequestId>) -> Result<(), Error> {
        let room = self.joined(address)?;
        let marked = self.chat.hub.move_mark(self.connection, room.id, to).await?;
        let marked = marked.ok_or_else(|| Error::NotAMember(address.clone()))?;
        let mut read = marked.read;
        loop {
            let unread = match marked.head {
                Some(head) if read >= head => UnreadCount { counted_seq: head, ..UnreadCount::default() },
                Some(_) | None => self.chat.store.unread(room.id, self.user, read, None).await?,
            };
            match self.chat.hub.tell_read(self.connection, room.id, (read, unread), id.clone()).await? {
                Ok(()) => return Ok(()),
                // Another device, or a message of one's own, moved it meanwhile.
                Err(now) => read = now,
            }
        }
    }

    /// The mark of somebody who joins, and what is unread up to `end`. Who was never here has read everything.
    pub(super) async fn standing(
        &self,
        room: &RoomInfo,
        subscribed: &Subscribed,
        end: Seq,
    ) -> Result<(Seq, UnreadCount), Error> {
        let read = match subscribed.read {
            Some(read) => read,
            None => {
                let stored = self.chat.store.read_mark(room.id, self.user).await?;
                let mark = Mark::Unless(stored.unwrap_or(end));
                let marked = self.chat.hub.move_mark(self.connection, room.id, mark).await?;
                marked.ok_or_else(|| Error::NotAMember(room.address.clone()))?.read
            }
        };
        let unread = if read >= end {
            UnreadCount { counted_seq: end, ..UnreadCount::default() }
        } else {
            self.chat.store.unread(room.id, self.user, read, Some(end)).await?
        };
        Ok((read, unread))
    }
}
