//! What is read of a log at one moment.

use shared::{Epoch, Posted, Seq};

/// How far a room's log goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// The last event; 0 if there is none.
    pub head: Seq,
    /// Everything up to here was removed by age.
    pub horizon: Seq,
}

/// Which page of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageAt {
    /// The latest messages.
    Latest,
    /// Those before this place.
    Before(Seq),
    /// Those after this place.
    After(Seq),
    /// Half of them before this place, the others from it on.
    Around(Seq),
}

/// A page of history: every message after `start` up to `end`, as it is now, read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The place before the first message; 0 when there is none before.
    pub start: Seq,
    /// The last place that the page tells of.
    pub end: Seq,
    /// Oldest first.
    pub messages: Vec<Posted>,
    /// Whether there are further ones in the direction asked for; around a place: newer ones.
    pub more: bool,
}

/// A page of what a search found, newest first, read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// The messages as they are now, with the epochs of their rooms.
    pub hits: Vec<(Epoch, Posted)>,
    /// Where the next page begins; none: there is none.
    pub cursor: Option<u64>,
    /// Whether messages may be missing, because the index does not hold everything yet.
    pub incomplete: bool,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first ones after this place.
    After(Seq),
    /// The last ones before this place.
    Before(Seq),
}

impl Side {
    /// What was asked for; with neither, the beginning.
    pub fn of(after: Option<Seq>, before: Option<Seq>) -> Self {
        before.map_or(Self::After(after.unwrap_or_default()), Self::Before)
    }
}

/// A part of a list that fits into a frame, in the order of places; only an empty list has an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<T> {
    /// What it holds.
    pub items: Vec<T>,
    /// Whether there are further ones in the direction asked for.
    pub more: bool,
}
