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
}

/// What a message takes on the wire, in bytes, roughly.
pub fn wire_size(posted: &Posted) -> usize {
    const MESSAGE: usize = 400;
    const REACTOR: usize = 110;
    let reactors: usize = posted.reactions.iter().map(|reaction| reaction.users.len() + 1).sum();
    posted.content.as_ref().map_or(0, |text| text.as_str().len()) + MESSAGE + reactors * REACTOR
}
