//! Read marks and unread counts.

use shared::limits::UNREAD_COUNTED;
use shared::{Posted, RequestId, RoomAddress, RoomKind, Seq, UnreadCount, UserId};

use super::Session;
use crate::error::Error;
use crate::hub::{Mark, NotTold, Subscribed};
use crate::room::RoomInfo;

/// What a joining client is about to receive: all messages after `start` up to `end`, in their current state.
pub(super) struct Snapshot<'a> {
    pub(super) start: Seq,
    pub(super) end: Seq,
    pub(super) messages: Vec<&'a Posted>,
}

impl Snapshot<'_> {
    /// Counts the unread messages after `read` up to `counted`. `None` if the snapshot does not cover that range; then
    /// the log has to be read.
    fn unread(
        &self,
        read: Seq,
        counted: Seq,
        me: UserId,
        is_blocked: impl Fn(UserId) -> bool,
    ) -> Option<UnreadCount> {
        if read < self.start || counted > self.end {
            return None;
        }
        let mut unread = UnreadCount { counted_seq: counted, ..UnreadCount::default() };
        for posted in &self.messages {
            let is_new = posted.seq > read && posted.seq <= counted && posted.sender_id != me;
            if is_new && !posted.deleted && !is_blocked(posted.sender_id) {
                unread.messages = (unread.messages + 1).min(UNREAD_COUNTED);
                unread.mentions = (unread.mentions + u32::from(posted.mentions.call(me))).min(UNREAD_COUNTED);
            }
        }
        Some(unread)
    }
}

impl Session {
    /// Marks everything up to `seq` as read.
    pub async fn mark_read(
        &self,
        address: &RoomAddress,
        seq: Seq,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.move_mark(address, Mark::Forward(seq), id).await
    }

    /// Marks everything from `seq` on as unread.
    pub async fn mark_unread(
        &self,
        address: &RoomAddress,
        seq: Seq,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.move_mark(address, Mark::To(seq.before()), id).await
    }

    /// Answers with the read mark and the unread count.
    pub async fn count_unread(&self, address: &RoomAddress, id: Option<RequestId>) -> Result<(), Error> {
        self.move_mark(address, Mark::Stay, id).await
    }

    /// Moves the mark, counts what is unread after it, and informs all connections of the person.
    async fn move_mark(&self, address: &RoomAddress, to: Mark, id: Option<RequestId>) -> Result<(), Error> {
        let room = self.joined(address)?;
        let marked = self.chat.hub.move_mark(self.connection, room.id, to).await?;
        let marked = marked.ok_or_else(|| Error::NotAMember(address.clone()))?;
        let mut read = marked.read;
        loop {
            let unread = self.unread(&room, read, marked.head.unwrap_or_default().max(read)).await?;
            match self.chat.hub.tell_read(self.connection, room.id, (read, unread), id.clone()).await? {
                Ok(()) => return Ok(()),
                // Another device or the person's own message moved the mark meanwhile.
                Err(NotTold::Moved(now)) => read = now,
                Err(NotTold::Left) => return Err(Error::NotAMember(address.clone())),
            }
        }
    }

    /// Returns the read mark of a joining person and the unread count, counted at least up to `at_least`. A person
    /// without a mark has read everything, but nothing of a direct conversation: it is there because somebody wrote.
    ///
    /// Counts as far as the hub has delivered: up to there the mark accounts for the person's own messages. The events
    /// after that are part of what the client receives, and the client counts them itself.
    pub(super) async fn standing(
        &self,
        room: &RoomInfo,
        subscribed: &Subscribed,
        told: &Snapshot<'_>,
        at_least: Seq,
    ) -> Result<(Seq, UnreadCount), Error> {
        let end = told.end;
        if let Some(read) = subscribed.read.filter(|&read| read >= end && subscribed.head == Some(end)) {
            return Ok((read, UnreadCount { counted_seq: end, ..UnreadCount::default() }));
        }
        let mark = match subscribed.read {
            Some(_) => Mark::Stay,
            None => {
                let stored = self.chat.store.read_mark(room.id, self.user).await?;
                let first = if room.kind == RoomKind::Direct { Seq::ZERO } else { end };
                Mark::Unless(stored.unwrap_or(first))
            }
        };
        loop {
            let marked = self.chat.hub.move_mark(self.connection, room.id, mark).await?;
            let marked = marked.ok_or_else(|| Error::NotAMember(room.address.clone()))?;
            let counted = marked.head.unwrap_or(end);
            if counted >= at_least {
                let unread = match told
                    .unread(marked.read, counted, self.user, |other| self.chat.blocks.has(self.user, other))
                {
                    Some(unread) => unread,
                    None => self.unread(room, marked.read, counted).await?,
                };
                return Ok((marked.read, unread));
            }
            // The log was read ahead of the hub by more than a snapshot; the hub is about to deliver those events.
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

#[cfg(test)]
mod tests {
    use shared::{MessageId, UserName};
    use uuid::Uuid;

    use super::*;
    use crate::hub::wall_clock;

    const ME: u128 = 1;
    const BLOCKED: u128 = 8;

    fn posted(seq: u64, author: u128, deleted: bool, calls_me: bool) -> Posted {
        let mut mentions = shared::Mentions::default();
        mentions.users.extend(calls_me.then_some(UserId::new(Uuid::from_u128(ME))));
        Posted {
            room: shared::RoomName::general().into(),
            sender: UserName::new("somebody").unwrap(),
            sender_id: UserId::new(Uuid::from_u128(author)),
            content: (!deleted).then(|| shared::MessageText::new("text").unwrap()),
            timestamp: wall_clock(),
            seq: Seq(seq),
            message_id: MessageId::new(Uuid::from_u128(seq.into())),
            client_message_id: None,
            reply_to: None,
            mentions,
            changed_seq: None,
            edited_at: None,
            deleted,
            pinned: false,
            reactions: Vec::new(),
        }
    }

    fn unread(messages: &[Posted], start: u64, end: u64, read: u64, counted: u64) -> Option<(u32, u32)> {
        let is_blocked = |user| user == UserId::new(Uuid::from_u128(BLOCKED));
        let told = Snapshot { start: Seq(start), end: Seq(end), messages: messages.iter().collect() };
        let unread = told.unread(Seq(read), Seq(counted), UserId::new(Uuid::from_u128(ME)), is_blocked)?;
        assert_eq!(unread.counted_seq, Seq(counted));
        Some((unread.messages, unread.mentions))
    }

    #[test]
    fn what_is_told_counts_as_the_log_would() {
        let messages = [
            posted(4, 2, false, true),
            posted(5, 2, false, false),
            posted(6, ME, false, false),
            posted(7, 2, true, false),
            posted(8, BLOCKED, false, true),
            posted(9, 3, false, true),
        ];
        assert_eq!(
            unread(&messages, 3, 9, 3, 9),
            Some((3, 2)),
            "neither one's own nor what was deleted or is not wanted"
        );
        assert_eq!(unread(&messages, 3, 9, 4, 9), Some((2, 1)));
        assert_eq!(unread(&messages, 3, 9, 3, 8), Some((2, 1)), "only as far as the hub has handed out");
        assert_eq!(unread(&messages, 3, 9, 2, 9), None, "there is more to count than is told");
        assert_eq!(unread(&messages, 3, 9, 3, 10), None);
        let many: Vec<Posted> = (1..=200).map(|seq| posted(seq, 2, false, true)).collect();
        assert_eq!(unread(&many, 0, 200, 0, 200), Some((UNREAD_COUNTED, UNREAD_COUNTED)));
    }
}
