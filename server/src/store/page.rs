//! Results of log reads. Each is a consistent snapshot.

use shared::{Posted, Seq};

/// The extent of a room's log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// The last event; 0 if there is none.
    pub head: Seq,
    /// Everything up to and including this seq was removed by retention.
    pub horizon: Seq,
}

/// Which page of history to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageAt {
    Latest,
    /// The last messages before this seq.
    Before(Seq),
    /// The first messages after this seq.
    After(Seq),
    /// Half of them before this seq, the other half from it on.
    Around(Seq),
}

/// A page of history: every message after `start` up to and including `end`, in its present state, read from one
/// snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The seq before the first message; 0 when there are no earlier messages.
    pub start: Seq,
    /// The last seq that the page covers.
    pub end: Seq,
    /// Oldest first.
    pub messages: Vec<Posted>,
    /// Whether there are further messages in the requested direction; for [`PageAt::Around`], newer ones.
    pub more: bool,
}

/// Which page of a list to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageCursor {
    /// The first items after this seq.
    After(Seq),
    /// The last items before this seq.
    Before(Seq),
}

impl PageCursor {
    /// Builds a cursor from request parameters; with neither, the start of the list.
    pub fn of(after: Option<Seq>, before: Option<Seq>) -> Self {
        before.map_or(Self::After(after.unwrap_or_default()), Self::Before)
    }
}

/// A page of a list: as many items as fit into a frame, in order of `seq`. Never empty while items are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Whether there are further items in the requested direction.
    pub more: bool,
}

/// Messages of one author in a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    pub messages: Vec<Seq>,
    /// After which seq to go on; `None` at the end.
    pub next: Option<Seq>,
}
