//! What is unread, as a device follows it: the server counts, and what comes in later is added.

use std::collections::BTreeMap;

use crate::event::{Change, Changed, Posted, RoomEvent};
use crate::frame::UnreadCount;
use crate::id::{Seq, UserId};
use crate::limits::UNREAD_COUNTED;

/// One person's read mark in a room, and what is unread after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    read: Seq,
    counted: UnreadCount,
    /// Messages of others after the counted place; true: they call this person.
    since: BTreeMap<Seq, bool>,
}

impl Unread {
    /// Everything up to here is read.
    pub const fn read(&self) -> Seq {
        self.read
    }

    /// Messages, counted up to [`UNREAD_COUNTED`].
    pub fn messages(&self) -> u32 {
        (self.counted.messages + self.since.len() as u32).min(UNREAD_COUNTED)
    }

    /// Messages that call this person, counted likewise.
    pub fn mentions(&self) -> u32 {
        let since = self.since.values().filter(|&&calls| calls).count() as u32;
        (self.counted.mentions + since).min(UNREAD_COUNTED)
    }

    /// What the server said: its word counts, as far as it has counted.
    pub fn told(&mut self, read: Seq, counted: UnreadCount) {
        if read == self.read && counted.counted_seq < self.counted.counted_seq {
            return;
        }
        self.read = read;
        self.counted = counted;
        self.since = self.since.split_off(&counted.counted_seq.max(read).next());
    }

    /// Another log began: nothing that was known counts.
    pub fn reset(&mut self, read: Seq, counted: UnreadCount) {
        *self = Self { read, counted, since: BTreeMap::new() };
    }

    /// Follows an event of the log that is new to this device. True: only the server can tell the count now, ask for
    /// it.
    #[must_use]
    pub fn follow(&mut self, event: &RoomEvent, me: UserId) -> bool {
        match event {
            RoomEvent::Posted(posted) => self.posted(posted, me),
            RoomEvent::Changed(changed) => self.changed(changed, me),
            RoomEvent::Unknown { .. } => false,
        }
    }

    fn posted(&mut self, posted: &Posted, me: UserId) -> bool {
        let seq = posted.seq;
        if posted.sender_id == me {
            if seq <= self.read {
                return false;
            }
            // Who writes has read what was there.
            self.read = seq;
            self.since = self.since.split_off(&seq);
            // A count that went further than this message cannot be divided.
            let uncertain = self.counted.counted_seq > seq && self.counted.messages > 0;
            self.counted =
                UnreadCount { counted_seq: seq.max(self.counted.counted_seq), ..UnreadCount::default() };
            return uncertain;
        }
        if !posted.deleted && seq > self.counted.counted_seq && seq > self.read {
            self.since.insert(seq, posted.mentions.call(me));
            if self.since.len() > UNREAD_COUNTED as usize {
                self.settle(seq);
            }
        }
        false
    }

    fn changed(&mut self, changed: &Changed, me: UserId) -> bool {
        match &changed.change {
            Change::Deleted => {
                let known = self.since.remove(&changed.target).is_some();
                !known && changed.target > self.read && changed.seq > self.counted.counted_seq
            }
            Change::Edited { mentions, .. } => {
                if let Some(calls) = self.since.get_mut(&changed.target) {
                    *calls = mentions.call(me);
                    return false;
                }
                changed.target > self.read && changed.seq > self.counted.counted_seq
            }
            Change::Trimmed => changed.target > self.read,
            Change::ReactionAdded(_) | Change::ReactionRemoved(_) | Change::Pinned | Change::Unpinned => {
                false
            }
        }
    }

    /// More is unread than is shown: single messages need not be remembered.
    fn settle(&mut self, seq: Seq) {
        let (messages, mentions) = (self.messages(), self.mentions());
        self.counted = UnreadCount { messages, mentions, counted_seq: seq };
        self.since.clear();
    }
}
