//! Read marks, and what is unread after them.

use shared::limits::UNREAD_COUNTED;
use shared::{Posted, RequestId, RoomAddress, Seq, UnreadCount, UserId};

use super::Session;
use crate::error::Error;
use crate::hub::{Mark, Subscribed};
use crate::room::RoomInfo;

/// What somebody who joins is about to be told: all messages after `start` up to `end`, as they are now.
pub(super) struct Told<'a> {
    pub(super) start: Seq,
    pub(super) end: Seq,
    pub(super) messages: Vec<&'a Posted>,
}

impl Told<'_> {
    /// What is unread after `read` up to `counted`; none: that is not all told here, the log has to be asked.
    fn unread(&self, read: Seq, counted: Seq, me: UserId) -> Option<UnreadCount> {
        if read < self.start || counted > self.end {
            return None;
        }
        let mut unread = UnreadCount { counted_seq: counted, ..UnreadCount::default() };
        for posted in &self.messages {
            if posted.seq > read && posted.seq <= counted && posted.sender_id != me && !posted.deleted {
                unread.messages = (unread.messages + 1).min(UNREAD_COUNTED);
                unread.mentions = (unread.mentions + u32::from(posted.mentions.call(me))).min(UNREAD_COUNTED);
            }
        }
        Some(unread)
    }
}

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

    /// The mark of somebody who joins and is about to be told something, and what is unread. Who was never here has
    /// read everything.
    ///
    /// It is counted as far as the hub has handed out: up to there the mark takes account of the person's own messages.
    /// What comes after is in what the client is told, and the client adds it.
    pub(super) async fn standing(
        &self,
        room: &RoomInfo,
        subscribed: &Subscribed,
        told: &Told<'_>,
    ) -> Result<(Seq, UnreadCount), Error> {
        let (start, end) = (told.start, told.end);
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
                let unread = match told.unread(marked.read, counted, self.user) {
                    Some(unread) => unread,
                    None => self.unread(room, marked.read, counted).await?,
                };
                return Ok((marked.read, unread));
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
