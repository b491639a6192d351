//! The unread count of a room on a client: the server's count plus what arrives later.

use std::collections::BTreeMap;

use crate::event::{Change, Changed, Posted, RoomEvent};
use crate::frame::UnreadCount;
use crate::id::{Seq, UserId};
use crate::limits::UNREAD_COUNTED;

/// A user's read mark in a room and the unread count after it.
///
/// The caller must ensure three things:
///
/// - every event after the `counted_seq` of the first count is passed to [`Self::follow`] exactly once;
/// - a read mark from the server takes the user's own messages up to its `counted_seq` into account;
/// - marks that were moved at the same `counted_seq` arrive in the order in which they were moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    read: Seq,
    counted: UnreadCount,
    /// The `counted_seq` of the last count from the server.
    told: Seq,
    /// The newest messages of others after `counted_seq`, each with whether it mentions this user.
    others: BTreeMap<Seq, bool>,
    /// This user's last message.
    own: Seq,
    /// Counts with a lower `counted_seq` are stale.
    doubt: Seq,
}

impl Unread {
    /// The read mark: everything up to it is read.
    pub const fn read(&self) -> Seq {
        self.read
    }

    /// The number of unread messages, at most [`UNREAD_COUNTED`].
    pub fn messages(&self) -> u32 {
        (self.counted.messages + self.later().count() as u32).min(UNREAD_COUNTED)
    }

    /// The number of unread messages that mention this user, at most [`UNREAD_COUNTED`].
    pub fn mentions(&self) -> u32 {
        let later = self.later().filter(|&calls| calls).count() as u32;
        (self.counted.mentions + later).min(UNREAD_COUNTED)
    }

    /// Applies a count from the server. Returns true if it predates a change known here: request it again.
    #[must_use]
    pub fn told(&mut self, read: Seq, counted: UnreadCount) -> bool {
        if counted.counted_seq < self.told {
            // Older than the last count.
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

    /// A new message is none that counts.
    pub fn ignore(&mut self, seq: Seq) {
        self.others.remove(&seq);
    }

    /// Starts over with another log and discards all state.
    pub fn reset(&mut self, read: Seq, counted: UnreadCount) {
        *self = Self { read, counted, told: counted.counted_seq, ..Self::default() };
    }

    /// Starts over with a fresh snapshot and discards all state. Adds the `events` after `counted_seq`.
    pub fn restart(&mut self, read: Seq, counted: UnreadCount, events: &[RoomEvent], me: UserId) {
        self.reset(read, counted);
        for event in events {
            // A snapshot has messages in their current state, so none makes the count uncertain.
            let _ = self.follow(event, me);
        }
    }

    /// Applies a new event of the log. Returns true if only the server can tell the count now: request it.
    #[must_use]
    pub fn follow(&mut self, event: &RoomEvent, me: UserId) -> bool {
        if event.seq() <= self.counted.counted_seq {
            // Already included in the server's count.
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
            Change::ReactionAdded(_)
            | Change::ReactionRemoved(_)
            | Change::Pinned
            | Change::Unpinned
            | Change::MemberAdded { .. }
            | Change::MemberRemoved { .. }
            | Change::RoleChanged { .. }
            | Change::DetailsChanged(_) => return false,
        }
        self.doubt = changed.seq;
        let trimmed = changed.change == Change::Trimmed;
        let counted = trimmed || target <= self.counted.counted_seq;
        // The target may be one of the messages that only the server knows individually.
        self.counted.messages > 0 && counted && target > self.read
    }

    /// Posting marks everything before the message as read.
    fn read_to(&mut self, seq: Seq) {
        if seq > self.read {
            self.read = seq;
        }
        self.counted = UnreadCount { counted_seq: seq, ..UnreadCount::default() };
    }

    /// Moves the oldest remembered message into the count: more are unread than are shown, so they need not be
    /// remembered individually.
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
