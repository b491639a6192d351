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
            let unread = self.unread(&room, read, marked.head.unwrap_or_default().max(read)).await?;
            match self.chat.hub.tell_read(self.connection, room.id, (read, unread), id.clone()).await? {
                Ok(()) => return Ok(()),
                // Another device, or a message of one's own, moved it meanwhile.
                Err(now) => read = now,
            }
        }
    }

    /// The mark of somebody who joins and is told of what is after `start` up to `end`, and what is unread. Who was
    /// never here has read everything.
    ///
    /// It is counted as far as the hub has handed out: up to there the mark takes account of the person's own messages.
    /// What comes after is in what the client is told, and the client adds it.
    pub(super) async fn standing(
        &self,
        room: &RoomInfo,
        subscribed: &Subscribed,
        start: Seq,
        end: Seq,
    ) -> Result<(Seq, UnreadCount), Error> {
        if let Some(read) = subscribed.read.filter(|&read| read >= end && subscribed.head == Some(end)) {
            return Ok((read, UnreadCount { counted_seq: end, ..UnreadCount::default() }));
        }
        let mark = match subscribed.read {
            Some(_) => Mark::Stay,
            None => {
                let stored = self.chat.store.read_mark(room.id, self.user).await?;
                Mark::Unless(stored.unwrap_or(end))
            }
        };
        loop {
            let marked = self.chat.hub.move_mark(self.connection, room.id, mark).await?;
            let marked = marked.ok_or_else(|| Error::NotAMember(room.address.clone()))?;
            let counted = marked.head.unwrap_or(end);
            if counted >= start {
                return Ok((marked.read, self.unread(room, marked.read, counted).await?));
            }
            // The log was read ahead of the hub by more than a snapshot: it is about to hand that out.
            tokio::task::yield_now().await;
        }
    }

    async fn unread(&self, room: &RoomInfo, read: Seq, end: Seq) -> Result<UnreadCount, Error> {
        if read >= end {
            return Ok(UnreadCount { counted_seq: end, ..UnreadCount::default() });
        }
        Ok(self.chat.store.unread(room.id, self.user, read, end).await?)
    }
}
