//! What a search found.

use shared::{Changed, Epoch, Hit, RoomAddress, RoomEvent, SearchResults};

use crate::core::progress::Progress;
use crate::features::message::following::{follow, is_of};

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

#[cfg(test)]
mod tests {
    use shared::{Change, Seq};

    use super::*;
    use crate::core::room::tests::{changed, posted};

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
        assert!(search.new_log(&RoomAddress::new("general").unwrap(), Epoch::from_random(7)));
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
}
