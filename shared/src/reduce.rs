//! The fold from a room's events to what a person sees. The browser, the tests and the load test all use it.

use std::collections::BTreeMap;

use crate::event::{Posted, RoomEvent};
use crate::id::{Epoch, Position, Seq};

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

/// A window of a room's log: every event after `start` up to `head`, without holes, folded into messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomLog {
    epoch: Epoch,
    start: Seq,
    head: Seq,
    messages: BTreeMap<Seq, Posted>,
}

impl RoomLog {
    /// The empty window after `start`.
    pub const fn empty(epoch: Epoch, start: Seq) -> Self {
        Self { epoch, start, head: start, messages: BTreeMap::new() }
    }

    /// The window that a snapshot shows: its events, or none and the position behind which they will follow.
    pub fn from_snapshot(at: Position, events: &[RoomEvent]) -> Self {
        let start = events.first().map_or(at.seq, |first| Seq(first.seq().0.saturating_sub(1)));
        let mut log = Self::empty(at.epoch, start);
        for event in events {
            log.apply(event);
        }
        log
    }

    /// How far this window goes: what a resume offers the server.
    pub const fn position(&self) -> Position {
        Position { epoch: self.epoch, seq: self.head }
    }

    /// The last event in the window.
    pub const fn head(&self) -> Seq {
        self.head
    }

    /// The event before the window; [`Seq::ZERO`] when the window reaches back to the beginning.
    pub const fn start(&self) -> Seq {
        self.start
    }

    /// The messages in the window, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Posted> {
        self.messages.values()
    }

    /// The message at `seq`, if the window has it.
    pub fn message(&self, seq: Seq) -> Option<&Posted> {
        self.messages.get(&seq)
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
        self.head = seq;
        self.fold(event);
        Applied::Advanced
    }

    /// Puts a page of history before the window. Returns false, and changes nothing, when the page does not end
    /// right before it.
    pub fn prepend(&mut self, page: &[RoomEvent]) -> bool {
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return true;
        };
        let without_holes = page.windows(2).all(|pair| pair[1].seq() == pair[0].seq().next());
        if last.seq() != self.start || !without_holes {
            return false;
        }
        self.start = Seq(first.seq().0.saturating_sub(1));
        for event in page {
            self.fold(event);
        }
        true
    }

    fn fold(&mut self, event: &RoomEvent) {
        match event {
            RoomEvent::Posted(posted) => {
                self.messages.insert(posted.seq, posted.clone());
            }
            RoomEvent::Unknown { .. } => {}
        }
    }
}
