//! Messages outside the timeline: search results, pins, replies to a message, edit history.

use shared::{
    Change, Changed, Command, Epoch, Failure, Hit, Messages, Posted, RoomAddress, RoomEvent, SearchResults,
    Seq, Version,
};

/// Loading state.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Progress {
    /// Loaded, or nothing was requested.
    #[default]
    Done,
    /// Requested.
    Loading,
    /// Refused, or the connection was lost.
    Failed(Failure),
}

/// A search and its results so far, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    pub query: String,
    /// The results, without messages deleted since.
    pub hits: Vec<Hit>,
    /// Cursor of the next page; `None` at the end.
    pub cursor: Option<u64>,
    /// Whether the server's index is still incomplete, so that results may be missing.
    pub incomplete: bool,
    pub progress: Progress,
}

impl Search {
    /// Starts a search.
    pub const fn of(query: String) -> Self {
        Self { query, hits: Vec::new(), cursor: None, incomplete: false, progress: Progress::Loading }
    }

    /// Appends a page of results. Idempotent: a page that arrives twice adds nothing.
    pub fn page(&mut self, results: SearchResults) {
        let id = |hit: &Hit| match &hit.message {
            RoomEvent::Posted(posted) => Some(posted.message_id),
            _ => None,
        };
        for hit in results.hits {
            if self.hits.iter().all(|known| id(known) != id(&hit)) {
                self.hits.push(hit);
            }
        }
        self.cursor = results.cursor;
        self.incomplete |= results.incomplete;
        self.progress = Progress::Done;
    }

    /// Applies a change of a message, so that no outdated text stays on the page.
    pub fn changed(&mut self, epoch: Epoch, changed: &Changed) {
        self.hits.retain_mut(|hit| {
            let RoomEvent::Posted(posted) = &mut hit.message else { return true };
            hit.epoch != epoch || posted.room != changed.room || follow(posted, changed)
        });
    }

    /// Whether a change affects a result.
    pub fn has(&self, changed: &Changed) -> bool {
        self.hits.iter().any(|hit| {
            matches!(&hit.message, RoomEvent::Posted(posted)
                if posted.room == changed.room && is_of(posted, changed))
        })
    }

    /// The room has a new log: results from its old one lead nowhere. Returns true if there were any.
    #[must_use]
    pub fn new_log(&mut self, room: &RoomAddress, epoch: Epoch) -> bool {
        let before = self.hits.len();
        self.hits.retain(|hit| {
            hit.epoch == epoch || !matches!(&hit.message, RoomEvent::Posted(posted) if posted.room == *room)
        });
        self.hits.len() < before
    }
}

/// What a listing contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// The pinned messages.
    Pins,
    /// The replies to this message.
    Replies(Seq),
}

/// A list of messages of a room, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    pub room: RoomAddress,
    pub listed: Listed,
    /// The messages in their current state.
    pub messages: Vec<Posted>,
    /// Whether there are further pages.
    pub more: bool,
    pub progress: Progress,
}

impl Listing {
    /// An empty listing that was just requested.
    pub const fn of(room: RoomAddress, listed: Listed) -> Self {
        Self { room, listed, messages: Vec::new(), more: false, progress: Progress::Loading }
    }

    /// Inserts a page. The first one replaces the content; further pages are older for pins, newer for replies.
    pub fn page(&mut self, page: Messages, first: bool) {
        if first {
            self.messages.clear();
        }
        for event in page.events {
            let RoomEvent::Posted(posted) = event else { continue };
            let at = self.messages.partition_point(|known| known.seq < posted.seq);
            if self.messages.get(at).is_none_or(|known| known.seq != posted.seq) {
                self.messages.insert(at, posted);
            }
        }
        self.more = page.more;
        self.progress = Progress::Done;
    }

    /// The request for the next page, or for the first one.
    pub fn command(&self, further: bool) -> Command {
        let (room, there) = (self.room.clone(), self.messages.iter().filter(|_| further));
        match self.listed {
            // Pins are listed from the newest back.
            Listed::Pins => {
                let before = there.map(|posted| posted.seq).next().unwrap_or(Seq::BEYOND);
                Command::ListPins { room, after: None, before: Some(before) }
            }
            Listed::Replies(target) => {
                Command::ListReplies { room, target, after: there.map(|posted| posted.seq).next_back() }
            }
        }
    }

    /// Applies an event; `message` is the changed message, if known. Returns true if the listing must be requested
    /// again.
    pub fn follow(&mut self, event: &RoomEvent, message: Option<&Posted>) -> bool {
        match event {
            RoomEvent::Posted(posted) => {
                if self.listed == posted.reply_to.map_or(Listed::Pins, Listed::Replies)
                    && posted.reply_to.is_some()
                    && !self.more
                    && self.messages.last().is_none_or(|last| last.seq < posted.seq)
                {
                    self.messages.push(posted.clone());
                }
                false
            }
            RoomEvent::Changed(changed) => {
                self.messages.retain_mut(|posted| follow(posted, changed));
                if self.listed != Listed::Pins {
                    return false;
                }
                self.messages.retain(|posted| posted.pinned);
                if changed.change != Change::Pinned || self.has(changed.target) {
                    return false;
                }
                let Some(message) = message.filter(|message| message.pinned) else { return true };
                let at = self.messages.partition_point(|posted| posted.seq < message.seq);
                // A pin among those not loaded yet arrives with its page.
                if at > 0 || !self.more {
                    self.messages.insert(at, message.clone());
                }
                false
            }
            RoomEvent::Unknown { .. } => false,
        }
    }

    fn has(&self, seq: Seq) -> bool {
        self.messages.iter().any(|posted| posted.seq == seq)
    }
}

/// The versions of a message's text, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Versions {
    pub room: RoomAddress,
    /// The message.
    pub target: Seq,
    /// The loaded versions, from the current one back.
    pub list: Vec<Version>,
    /// Whether there are older ones.
    pub more: bool,
    pub progress: Progress,
}

impl Versions {
    /// An empty history that was just requested.
    pub const fn of(room: RoomAddress, target: Seq) -> Self {
        Self { room, target, list: Vec::new(), more: false, progress: Progress::Loading }
    }

    /// Prepends a page of older versions.
    pub fn page(&mut self, page: Vec<Version>, more: bool) {
        let start = self.start();
        self.list.splice(0..0, page.into_iter().filter(|version| version.seq < start));
        self.more = more;
        self.progress = Progress::Done;
    }

    /// The request for the page before the loaded versions.
    pub fn command(&self) -> Command {
        let (room, before) = (self.room.clone(), Some(self.start()));
        Command::ListVersions { room, target: self.target, after: None, before }
    }

    fn start(&self) -> Seq {
        self.list.first().map_or(Seq::BEYOND, |version| version.seq)
    }
}

/// Applies a change; returns false if it removed the message.
fn follow(posted: &mut Posted, changed: &Changed) -> bool {
    if is_of(posted, changed) && changed.change != Change::Trimmed {
        posted.change(changed);
    }
    let trimmed = changed.change == Change::Trimmed && is_of(posted, changed);
    !posted.deleted && !trimmed
}

fn is_of(posted: &Posted, changed: &Changed) -> bool {
    if changed.change == Change::Trimmed {
        posted.seq <= changed.target
    } else {
        posted.seq == changed.target
    }
}

#[cfg(test)]
mod tests {
    use shared::Emoji;

    use super::super::room::tests::{changed, posted};
    use super::*;

    fn room() -> RoomAddress {
        RoomAddress::new("general").unwrap()
    }

    #[test]
    fn what_was_found_and_deleted_since_is_not_shown() {
        let epoch = Epoch::from_random(5);
        let hit = |seq| Hit { epoch, message: RoomEvent::Posted(posted(seq, 1, 0)) };
        let mut search = Search::of("message".to_owned());
        search.page(SearchResults { hits: vec![hit(2), hit(1)], ..SearchResults::default() });
        search.changed(Epoch::from_random(6), &changed(9, 1, Change::Deleted));
        assert_eq!(search.hits.len(), 2, "a message of another log");
        search.changed(epoch, &changed(9, 1, Change::Deleted));
        assert_eq!(search.hits.iter().map(|hit| hit.message.seq()).collect::<Vec<_>>(), [Seq(2)]);
        assert!(search.new_log(&room(), Epoch::from_random(7)));
        assert!(search.hits.is_empty());
    }

    #[test]
    fn whoever_asks_twice_for_a_page_finds_everything_once() {
        let epoch = Epoch::from_random(5);
        let page = |seqs: &[u64]| SearchResults {
            hits: seqs
                .iter()
                .map(|&seq| Hit { epoch, message: RoomEvent::Posted(posted(seq, 1, 0)) })
                .collect(),
            ..SearchResults::default()
        };
        let mut search = Search::of("message".to_owned());
        for seqs in [&[9, 8], &[7, 6], &[7, 6], &[5, 4]] {
            search.page(page(seqs));
        }
        assert_eq!(search.hits.iter().map(|hit| hit.message.seq().0).collect::<Vec<_>>(), [9, 8, 7, 6, 5, 4]);
    }

    #[test]
    fn pins_come_and_go_live() {
        let mut pins = Listing::of(room(), Listed::Pins);
        let mut pinned = posted(3, 1, 0);
        let pin = changed(9, 3, Change::Pinned);
        assert!(pins.follow(&RoomEvent::Changed(pin.clone()), None), "a message that is not known");
        pinned.change(&pin);
        assert!(!pins.follow(&RoomEvent::Changed(pin), Some(&pinned)));
        assert_eq!(pins.messages.len(), 1);
        let like = changed(10, 3, Change::ReactionAdded(Emoji::new("👍").unwrap()));
        pins.follow(&RoomEvent::Changed(like), None);
        assert_eq!(pins.messages[0].reactions.len(), 1);
        pins.follow(&RoomEvent::Changed(changed(11, 3, Change::Unpinned)), None);
        assert!(pins.messages.is_empty());
    }

    fn page(seqs: &[u64], more: bool) -> Messages {
        let events = seqs.iter().map(|&seq| RoomEvent::Posted(posted(seq, 1, 0))).collect();
        Messages { room: room(), epoch: Epoch::from_random(5), events, more, id: None }
    }

    fn seqs(listing: &Listing) -> Vec<u64> {
        listing.messages.iter().map(|posted| posted.seq.0).collect()
    }

    #[test]
    fn pins_are_asked_for_from_the_newest_back_and_replies_from_the_oldest_on() {
        let mut pins = Listing::of(room(), Listed::Pins);
        let before = |command| match command {
            Command::ListPins { before, after: None, .. } => before,
            other => panic!("{other:?}"),
        };
        assert_eq!(before(pins.command(false)), Some(Seq::BEYOND));
        pins.page(page(&[7, 9], true), true);
        assert_eq!(before(pins.command(true)), Some(Seq(7)));
        pins.page(page(&[2, 5], false), false);
        assert_eq!((seqs(&pins), pins.more), (vec![2, 5, 7, 9], false));
        assert_eq!(before(pins.command(false)), Some(Seq::BEYOND), "from the beginning again");

        let mut replies = Listing::of(room(), Listed::Replies(Seq(1)));
        replies.page(page(&[2, 5], true), true);
        assert!(matches!(replies.command(true), Command::ListReplies { after: Some(Seq(5)), .. }));
        replies.page(page(&[7], false), false);
        assert_eq!(seqs(&replies), [2, 5, 7]);
    }

    #[test]
    fn a_pin_among_those_not_loaded_yet_leaves_no_hole() {
        let mut pins = Listing::of(room(), Listed::Pins);
        pins.page(page(&[7, 9], true), true);
        let pin = |pins: &mut Listing, seq| {
            let change = changed(20, seq, Change::Pinned);
            let mut message = posted(seq, 1, 0);
            message.change(&change);
            pins.follow(&RoomEvent::Changed(change), Some(&message))
        };
        for posted in &mut pins.messages {
            posted.pinned = true;
        }
        assert!(!pin(&mut pins, 3));
        assert_eq!(seqs(&pins), [7, 9], "3 comes with its page, and 4 to 6 too");
        assert!(!pin(&mut pins, 8));
        assert_eq!(seqs(&pins), [7, 8, 9]);
    }

    #[test]
    fn older_texts_are_put_before_the_newer_ones() {
        let version = |seq| Version {
            seq: Seq(seq),
            content: shared::MessageText::new("text").unwrap(),
            timestamp: posted(1, 1, 0).timestamp,
        };
        let before = |versions: &Versions| match versions.command() {
            Command::ListVersions { before, after: None, .. } => before,
            other => panic!("{other:?}"),
        };
        let mut versions = Versions::of(room(), Seq(1));
        assert_eq!(before(&versions), Some(Seq::BEYOND));
        versions.page(vec![version(8), version(9)], true);
        assert_eq!(before(&versions), Some(Seq(8)));
        versions.page(vec![version(1), version(4)], false);
        assert_eq!(versions.list.iter().map(|version| version.seq.0).collect::<Vec<_>>(), [1, 4, 8, 9]);
        assert!(!versions.more);
    }

    #[test]
    fn replies_grow_live() {
        let mut replies = Listing::of(room(), Listed::Replies(Seq(3)));
        let reply = |seq, to| Posted { reply_to: Some(Seq(to)), ..posted(seq, 1, 0) };
        replies.follow(&RoomEvent::Posted(reply(4, 3)), None);
        replies.follow(&RoomEvent::Posted(reply(5, 4)), None);
        replies.follow(&RoomEvent::Posted(posted(6, 1, 0)), None);
        assert_eq!(replies.messages.iter().map(|posted| posted.seq).collect::<Vec<_>>(), [Seq(4)]);
    }
}
