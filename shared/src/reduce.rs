//! The reducer that folds a room's events into what a user sees. Used by the browser, the tests and the load test.
//!
//! A [`RoomLog`] tracks how far the room is followed (`head`) and which part of it is shown (`start` to `end`). The
//! shown part usually ends at the head; after a jump far back it does not, but its messages still change live.

use std::collections::{BTreeMap, VecDeque, btree_map::Entry};

use crate::event::{Change, Changed, Posted, Reaction, RoomEvent};
use crate::id::{Epoch, Position, Seq};

/// Maximum number of messages kept outside the window.
pub const ASIDES: usize = 300;
/// Number of recent changes kept, to replay on pages that were read before them but arrive after them.
const REMEMBERED: usize = 1_000;

/// The outcome of [`RoomLog::apply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The event was the next one and was applied.
    Advanced,
    /// The event was known already; nothing changed.
    Duplicate,
    /// Events between the head and this one are missing; nothing changed. Request those after `head`.
    Hole {
        /// The last event before the gap.
        head: Seq,
    },
}

/// Every message after `start` and up to `end`, in its state at some point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<'a> {
    /// The position before the first message; [`Seq::ZERO`] if there are no earlier messages.
    pub start: Seq,
    /// The last position that the page covers.
    pub end: Seq,
    /// The messages in order of `seq`.
    pub events: &'a [RoomEvent],
}

/// A window of a room's log, folded into messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomLog {
    epoch: Epoch,
    start: Seq,
    end: Seq,
    head: Seq,
    /// The last event removed by retention.
    horizon: Seq,
    messages: BTreeMap<Seq, Posted>,
    asides: BTreeMap<Seq, Posted>,
    recent: VecDeque<Changed>,
}

impl RoomLog {
    /// Creates an empty window after `start`, which is also the head.
    pub const fn empty(epoch: Epoch, start: Seq) -> Self {
        Self {
            epoch,
            start,
            end: start,
            head: start,
            horizon: Seq::ZERO,
            messages: BTreeMap::new(),
            asides: BTreeMap::new(),
            recent: VecDeque::new(),
        }
    }

    /// Creates the window of a snapshot: all messages after `start` and up to `at`.
    pub fn from_snapshot(at: Position, start: Seq, events: &[RoomEvent]) -> Self {
        let mut log = Self::empty(at.epoch, at.seq);
        log.show(&Page { start, end: at.seq, events });
        log
    }

    /// The position up to which the room is followed, as sent in a resume.
    pub const fn position(&self) -> Position {
        Position { epoch: self.epoch, seq: self.head }
    }

    /// The last known event.
    pub const fn head(&self) -> Seq {
        self.head
    }

    /// The position before the window; [`Seq::ZERO`] if there are no earlier messages.
    pub const fn start(&self) -> Seq {
        self.start
    }

    /// The last position of the window.
    pub const fn end(&self) -> Seq {
        self.end
    }

    /// Returns whether the window extends to the newest event, so that new messages appear in it.
    pub fn is_at_head(&self) -> bool {
        self.end >= self.head
    }

    /// The messages in the window including deleted ones, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Posted> {
        self.messages.values()
    }

    /// Returns the message at `seq` if it is in the window or was put aside.
    pub fn message(&self, seq: Seq) -> Option<&Posted> {
        self.messages.get(&seq).or_else(|| self.asides.get(&seq))
    }

    /// The number of messages in the window.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Returns whether the window contains no messages.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Applies the next event, live or from a resume.
    pub fn apply(&mut self, event: &RoomEvent) -> Applied {
        let seq = event.seq();
        if seq <= self.head {
            return Applied::Duplicate;
        }
        if seq != self.head.next() {
            return Applied::Hole { head: self.head };
        }
        let at_head = self.is_at_head();
        self.head = seq;
        if at_head {
            // A page may already have extended the window past `seq`.
            self.end = self.end.max(seq);
        }
        match event {
            RoomEvent::Posted(posted) if at_head && seq > self.start => insert(&mut self.messages, posted),
            RoomEvent::Changed(changed) => self.change(changed),
            RoomEvent::Posted(_) | RoomEvent::Unknown { .. } => {}
        }
        Applied::Advanced
    }

    /// Extends the window with an older page. Returns false and changes nothing if the page does not reach the window.
    pub fn prepend(&mut self, page: &Page<'_>) -> bool {
        if page.end < self.start || page.start > self.start {
            return false;
        }
        self.take(page, page.start, self.end.max(page.end));
        true
    }

    /// Extends the window with a newer page. Returns false and changes nothing if the page does not begin in the
    /// window.
    pub fn append(&mut self, page: &Page<'_>) -> bool {
        if page.start > self.end || page.end < self.end {
            return false;
        }
        self.take(page, self.start.min(page.start), page.end);
        true
    }

    /// Replaces the window with another part of the room.
    pub fn show(&mut self, page: &Page<'_>) {
        self.messages.clear();
        self.take(page, page.start, page.end);
    }

    /// Keeps a message outside the window, for example for a quotation, and applies live changes to it. Drops the
    /// oldest ones above [`ASIDES`].
    pub fn put_aside(&mut self, posted: &Posted) {
        if posted.seq > self.horizon {
            while self.asides.len() >= ASIDES && !self.asides.contains_key(&posted.seq) {
                self.asides.pop_first();
            }
            insert(&mut self.asides, posted);
            self.catch_up();
        }
    }

    /// Drops the oldest messages of the window, all but `keep`.
    pub fn trim_old(&mut self, keep: usize) {
        while self.messages.len() > keep
            && let Some((seq, _)) = self.messages.pop_first()
        {
            self.start = seq;
        }
    }

    /// Drops the newest messages of the window, all but `keep`. The window then ends before the head.
    pub fn trim_new(&mut self, keep: usize) {
        while self.messages.len() > keep
            && let Some((seq, _)) = self.messages.pop_last()
        {
            self.end = seq.before();
        }
    }

    fn take(&mut self, page: &Page<'_>, start: Seq, end: Seq) {
        self.start = if start <= self.horizon { Seq::ZERO } else { start };
        self.end = end;
        for event in page.events {
            if let RoomEvent::Posted(posted) = event
                && posted.seq > self.horizon
            {
                insert(&mut self.messages, posted);
            }
        }
        self.catch_up();
    }

    /// Replays the recent changes: a page may have been read before them.
    fn catch_up(&mut self) {
        for changed in &self.recent {
            for messages in [&mut self.messages, &mut self.asides] {
                if let Some(message) = messages.get_mut(&changed.target) {
                    message.change(changed);
                }
            }
        }
    }

    fn change(&mut self, changed: &Changed) {
        if changed.change == Change::Trimmed {
            self.horizon = self.horizon.max(changed.target);
            let kept = self.horizon.next();
            self.messages = self.messages.split_off(&kept);
            self.asides = self.asides.split_off(&kept);
            if self.start <= self.horizon {
                self.start = Seq::ZERO;
            }
            return;
        }
        for messages in [&mut self.messages, &mut self.asides] {
            if let Some(message) = messages.get_mut(&changed.target) {
                message.change(changed);
            }
        }
        if !changed.change.is_of_message() {
            return;
        }
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(changed.clone());
    }
}

/// Inserts a message, or replaces the known one if the new one has a later change.
fn insert(messages: &mut BTreeMap<Seq, Posted>, posted: &Posted) {
    match messages.entry(posted.seq) {
        Entry::Vacant(place) => drop(place.insert(posted.clone())),
        Entry::Occupied(mut place) if place.get().changed_seq < posted.changed_seq => {
            place.insert(posted.clone());
        }
        Entry::Occupied(_) => {}
    }
}

impl Posted {
    /// Applies a change of this message. A change that is already folded in has no effect.
    pub fn change(&mut self, changed: &Changed) {
        if Some(changed.seq) <= self.changed_seq {
            return;
        }
        self.changed_seq = Some(changed.seq);
        match &changed.change {
            Change::Edited { content, mentions } => {
                self.content.clone_from(content);
                self.mentions.clone_from(mentions);
                self.edited_at = Some(changed.timestamp);
            }
            Change::Deleted => {
                self.deleted = true;
                self.content = None;
                self.mentions = crate::event::Mentions::default();
                self.edited_at = None;
                self.pinned = false;
                self.reactions.clear();
            }
            Change::ReactionAdded(emoji) => {
                let place = self.reactions.iter().position(|reaction| reaction.emoji == *emoji);
                let place = place.unwrap_or_else(|| {
                    self.reactions.push(Reaction { emoji: emoji.clone(), count: 0, users: Vec::new() });
                    self.reactions.len() - 1
                });
                let reaction = &mut self.reactions[place];
                reaction.count += 1;
                reaction.users.extend(changed.by.clone());
            }
            Change::ReactionRemoved(emoji) => {
                let user = changed.by.as_ref().map(|by| by.user_id);
                if let Some(reaction) = self.reactions.iter_mut().find(|reaction| reaction.emoji == *emoji) {
                    reaction.count = reaction.count.saturating_sub(1);
                    reaction.users.retain(|reactor| Some(reactor.user_id) != user);
                }
                self.reactions.retain(|reaction| reaction.count > 0);
            }
            Change::Pinned => self.pinned = true,
            Change::Unpinned => self.pinned = false,
            Change::Trimmed
            | Change::MemberAdded { .. }
            | Change::MemberRemoved { .. }
            | Change::RoleChanged { .. }
            | Change::DetailsChanged(_) => {}
        }
    }
}
