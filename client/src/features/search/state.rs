//! The search and its results, which stay while its panel is closed.

use leptos::prelude::*;
use shared::{Command, RoomAddress, RoomEvent, ServerFrame};

use super::results::Search;
use crate::core::Store;
use crate::core::followers::Happening;
use crate::core::progress::Progress;

/// The state of the search, as a context.
#[derive(Clone, Copy)]
pub struct SearchState {
    store: Store,
    search: RwSignal<Search>,
}

impl SearchState {
    /// Creates the context.
    pub fn provide(store: Store) -> Self {
        let state = Self { store, search: RwSignal::default() };
        provide_context(state);
        store.follow(move |room, happening| state.follow(room, happening));
        state
    }

    /// Reads the search. Tracked.
    pub fn with<T>(self, read: impl FnOnce(&Search) -> T) -> T {
        self.search.with(read)
    }

    /// Searches all rooms that the user may read.
    pub fn find(self, query: String) {
        self.search.set(Search::of(query.clone()));
        self.request(query, None);
    }

    /// Searches the same again.
    pub fn again(self) {
        self.find(self.search.with_untracked(|search| search.query.clone()));
    }

    /// Requests the next, older page of results.
    pub fn more(self) {
        let more = |search: &Search| {
            let cursor = search.cursor.filter(|_| search.progress != Progress::Loading)?;
            Some((search.query.clone(), cursor))
        };
        if let Some((query, cursor)) = self.search.with_untracked(more) {
            self.search.update(|search| search.progress = Progress::Loading);
            self.request(query, Some(cursor));
        }
    }

    /// Clears the search.
    pub fn end(self) {
        self.search.set(Search::default());
    }

    fn request(self, query: String, cursor: Option<u64>) {
        let command = Command::Search { query: query.clone(), limit: None, cursor };
        self.store.request(command, move |answer| {
            self.search.update(|search| match answer {
                // A later search has another query.
                _ if search.query != query => {}
                Ok(ServerFrame::SearchResults(results)) => search.page(results.clone()),
                Ok(_) => {}
                Err(why) => search.progress = Progress::Failed(why.into()),
            });
        });
    }

    fn follow(self, name: &RoomAddress, happening: Happening<'_>) {
        match happening {
            Happening::Log(epoch) => self.search.maybe_update(|search| search.new_log(name, epoch)),
            Happening::Event(RoomEvent::Changed(changed)) => {
                if self.search.with_untracked(|search| search.has(changed))
                    && let Some(room) = self.store.room(name)
                {
                    let epoch = room.with_untracked(crate::core::room::Room::epoch);
                    self.search.update(|search| search.changed(epoch, changed));
                }
            }
            Happening::Event(_) => {}
        }
    }
}

/// Returns the search from the context.
pub fn use_search() -> SearchState {
    expect_context()
}
