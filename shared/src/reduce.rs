//! The fold from a room's events to what a person sees. The browser, the tests and the load test all use it.
//!
//! Two places matter: how far the room is followed (`head`), and which part of it is shown (`start` to `end`).
//! Mostly the part ends at the head; whoever jumps far back looks at another one, whose messages still change live.

use std::collections::{BTreeMap, VecDeque, btree_map::Entry};

use crate::event::{Change, Changed, Posted, Reaction, RoomEvent};
use crate::id::{Epoch, Position, Seq};

/// Messages kept outside of the window.
pub const ASIDES: usize = 300;
/// Changes remembered for pages that were read before them and come after them.
const REMEMBERED: usize = 1_000;

/// What became of an event that was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was the next one.
    Advanced,
    /// It was there already; nothing changed.
    Duplicate,
    /// Events between the head and this one are missing; nothing changed. Ask for those after `head`.
    Hole {
        /// The last event before the hole.
        head: Seq,
    },
}

/// Every message after `start` up to `end`, as the server told it at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<'a> {
    /// Before the first message; [`Seq::ZERO`] when there is none before.
    pub start: Seq,
    /// The last place that the page tells of.
    pub end: Seq,
    /// The messages, in the order of `seq`.
    pub events: &'a [RoomEvent],
}

/// A window of a room's log, folded into messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomLog {
    epoch: Epoch,
    start: Seq,
    end: Seq,
    head: Seq,
    /// Everything up to here was removed by age.
    horizon: Seq,
    messages: BTreeMap<Seq, Posted>,
    asides: BTreeMap<Seq, Posted>,
    recent: VecDeque<Changed>,
}

impl RoomLog {
    /// The empty window after `start`, which is the head as well.
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

    /// The window that a snapshot shows: all messages after `start` up to the position.
    pub fn from_snapshot(at: Position, start: Seq, events: &[RoomEvent]) -> Self {
        let mut log = Self::empty(at.epoch, at.seq);
        log.show(&Page { start, end: at.seq, events });
        log
    }

    /// How far the room is followed: what a resume offers the server.
    pub const fn position(&self) -> Position {
        Position { epoch: self.epoch, seq: self.head }
    }

    /// The last event that is known.
    pub const fn head(&self) -> Seq {
        self.head
    }

    /// The place before the window; [`Seq::ZERO`] when there is nothing before it.
    pub const fn start(&self) -> Seq {
        self.start
    }

    /// The last place of the window.
    pub const fn end(&self) -> Seq {
        self.end
    }

    /// Whether the window reaches to the newest event, so that new messages appear in it.
    pub fn is_at_head(&self) -> bool {
        self.end >= self.head
    }

    /// The messages in the window, oldest first; deleted ones too.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Posted> {
        self.messages.values()
    }

    /// The message at `seq`, if the window has it or it was put aside.
    pub fn message(&self, seq: Seq) -> Option<&Posted> {
        self.messages.get(&seq).or_else(|| self.asides.get(&seq))
    }

    /// Messages in the window.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether the window shows no message.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Folds in a live event, or one of a resume.
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
            // A page may have told of more already.
            self.end = self.end.max(seq);
        }
        match event {
            RoomEvent::Posted(posted) if at_head && seq > self.start => insert(&mut self.messages, posted),
            RoomEvent::Changed(changed) => self.change(changed),
            RoomEvent::Posted(_) | RoomEvent::Unknown { .. } => {}
        }
        Applied::Advanced
    }

    /// Puts a page before the window. False, and nothing changes, when it does not reach the window.
    pub fn prepend(&mut self, page: &Page<'_>) -> bool {
        if page.end < self.start || page.start > self.start {
            return false;
        }
        self.take(page, page.start, self.end.max(page.end));
        true
    }

    /// Puts a page behind the window. False, and nothing changes, when it does not begin in the window.
    pub fn append(&mut self, page: &Page<'_>) -> bool {
        if page.start > self.end || page.end < self.end {
            return false;
        }
        self.take(page, self.start.min(page.start), page.end);
        true
    }

    /// Shows another part of the room.
    pub fn show(&mut self, page: &Page<'_>) {
        self.messages.clear();
        self.take(page, page.start, page.end);
    }

    /// Keeps a message that is outside of the window, for a quotation for example. It changes live as well. Of more
    /// than [`ASIDES`] the oldest are let go.
    pub fn put_aside(&mut self, posted: &Posted) {
        if posted.seq > self.horizon {
            while self.asides.len() >= ASIDES && !self.asides.contains_key(&posted.seq) {
                self.asides.pop_first();
            }
            insert(&mut self.asides, posted);
            self.catch_up();
        }
    }

    /// Drops the oldest messages of the window but `keep`.
    pub fn trim_old(&mut self, keep: usize) {
        while self.messages.len() > keep
            && let Some((seq, _)) = self.messages.pop_first()
        {
            self.start = seq;
        }
    }

    /// Drops the newest messages of the window but `keep`. It ends before the head then.
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

    /// Folds in again what came in meanwhile: a page may have been read before it.
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
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(changed.clone());
    }
}

/// What was read last is the newest, unless it was read before a change that is known.
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
    /// Folds in a change of this message. One that it holds already changes nothing.
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
            Change::Trimmed => {}
        }
    }
}
