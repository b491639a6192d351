//! What is unread, as a device follows it: the server counts, and what comes in later is added.

use std::collections::BTreeMap;

use crate::event::{Change, Changed, Posted, RoomEvent};
use crate::frame::UnreadCount;
use crate::id::{Seq, UserId};
use crate::limits::UNREAD_COUNTED;

/// One person's read mark in a room, and what is unread after it.
///
/// It relies on three things: every event after the place that the first count went up to is followed once; the mark
/// that the server tells takes account of the person's own messages up to the place that it counted to; and marks
/// that were moved at the same place come in the order of moving.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    read: Seq,
    counted: UnreadCount,
    /// How far the server had counted when it last said so.
    told: Seq,
    /// The newest messages of others after the counted place; true: they call this person.
    others: BTreeMap<Seq, bool>,
    /// This person's last message.
    own: Seq,
    /// A count that does not go as far as this is out of date.
    doubt: Seq,
}

impl Unread {
    /// Everything up to here is read.
    pub const fn read(&self) -> Seq {
        self.read
    }

    /// Messages, counted up to [`UNREAD_COUNTED`].
    pub fn messages(&self) -> u32 {
        (self.counted.messages + self.later().count() as u32).min(UNREAD_COUNTED)
    }

    /// Messages that call this person, counted likewise.
    pub fn mentions(&self) -> u32 {
        let later = self.later().filter(|&calls| calls).count() as u32;
        (self.counted.mentions + later).min(UNREAD_COUNTED)
    }

    /// What the server said. True: it counted before something that is known here; ask it again.
    #[must_use]
    pub fn told(&mut self, read: Seq, counted: UnreadCount) -> bool {
        if counted.counted_seq < self.told {
            // It was said earlier than what is known.
            return false;
        }
        self.told = counted.counted_seq;
        self.others = self.others.split_off(&counted.counted_seq.next());
        (self.read, self.counted) = (read, counted);
        if self.own > counted.counted_seq {
            self.read_to(self.own);
        }
        counted.counted_seq < self.doubt
    }

    /// Another log began: nothing that was known counts.
    pub fn reset(&mut self, read: Seq, counted: UnreadCount) {
        *self = Self { read, counted, told: counted.counted_seq, ..Self::default() };
    }

    /// A fresh snapshot came: nothing that was known counts. What `events` tell of beyond the count is added.
    pub fn restart(&mut self, read: Seq, counted: UnreadCount, events: &[RoomEvent], me: UserId) {
        self.reset(read, counted);
        for event in events {
            // Messages as they are now: nothing of them can be uncertain.
            let _ = self.follow(event, me);
        }
    }

    /// Follows an event of the log that is new to this device. True: only the server can tell the count now, ask for
    /// it.
    #[must_use]
    pub fn follow(&mut self, event: &RoomEvent, me: UserId) -> bool {
        if event.seq() <= self.counted.counted_seq {
            // The server knew it when it counted.
            return false;
        }
        match event {
            RoomEvent::Posted(posted) => {
                self.posted(posted, me);
                false
            }
            RoomEvent::Changed(changed) => self.changed(changed, me),
            RoomEvent::Unknown { .. } => false,
        }
    }

    fn posted(&mut self, posted: &Posted, me: UserId) {
        let seq = posted.seq;
        if posted.sender_id == me {
            self.own = seq;
            self.read_to(seq);
        } else if !posted.deleted {
            self.others.insert(seq, posted.mentions.call(me));
            if self.others.len() > UNREAD_COUNTED as usize {
                self.settle();
            }
        }
    }

    fn changed(&mut self, changed: &Changed, me: UserId) -> bool {
        let target = changed.target;
        match &changed.change {
            Change::Deleted => drop(self.others.remove(&target)),
            Change::Edited { mentions, .. } => {
                if let Some(calls) = self.others.get_mut(&target) {
                    *calls = mentions.call(me);
                }
            }
            Change::Trimmed => self.others = self.others.split_off(&target.next()),
            Change::ReactionAdded(_) | Change::ReactionRemoved(_) | Change::Pinned | Change::Unpinned => {
                return false;
            }
        }
        self.doubt = changed.seq;
        let trimmed = changed.change == Change::Trimmed;
        let counted = trimmed || target <= self.counted.counted_seq;
        // It may be one of those that only the server knows singly.
        self.counted.messages > 0 && counted && target > self.read
    }

    /// Who writes has read what was there.
    fn read_to(&mut self, seq: Seq) {
        if seq > self.read {
            self.read = seq;
        }
        self.counted = UnreadCount { counted_seq: seq, ..UnreadCount::default() };
    }

    /// Adds the oldest message to the count: more is unread than is shown, single ones need not be remembered.
    fn settle(&mut self) {
        if let Some((seq, calls)) = self.others.pop_first() {
            self.counted.counted_seq = seq;
            self.doubt = self.doubt.max(seq);
            if seq > self.read {
                self.counted.messages = (self.counted.messages + 1).min(UNREAD_COUNTED);
                self.counted.mentions = (self.counted.mentions + u32::from(calls)).min(UNREAD_COUNTED);
            }
        }
    }

    fn later(&self) -> impl Iterator<Item = bool> {
        self.others.range(self.read.next()..).map(|(_, &calls)| calls)
    }
}
