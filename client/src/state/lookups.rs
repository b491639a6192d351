//! Lookups: search, pins, replies, edit history.

use leptos::prelude::*;
use shared::{
    Command, Emoji, ErrorCode, Failure, Messages, Reactors, RoomAddress, RoomEvent, SearchResults, Seq,
};

use super::listings::{Listed, Listing, Progress, Search, Versions};
use super::notices::About;
use super::{Asked, Store};

impl Store {
    /// Searches all rooms that the user may read. The results arrive in [`Store::search`].
    pub fn find(&self, query: String) {
        self.search.set(Search::of(query.clone()));
        self.ask_search(query, None);
    }

    /// Requests the next, older page of search results.
    pub fn find_more(&self) {
        let more = |search: &Search| {
            let cursor = search.cursor.filter(|_| search.progress != Progress::Loading)?;
            Some((search.query.clone(), cursor))
        };
        if let Some((query, cursor)) = self.search.with_untracked(more) {
            self.search.update(|search| search.progress = Progress::Loading);
            self.ask_search(query, Some(cursor));
        }
    }

    /// Clears the search.
    pub fn end_search(&self) {
        self.search.set(Search::default());
    }

    /// Requests the pinned messages of a room. They arrive in [`Store::pins`], up to date until that is cleared.
    pub fn list_pins(&self, room: RoomAddress) {
        self.list(room, Listed::Pins);
    }

    /// Requests the replies to a message, and the message itself. The replies arrive in [`Store::replies`], up to date
    /// until that is cleared; the message is available from [`Store::quoted`].
    pub fn list_replies(&self, room: RoomAddress, target: Seq) {
        self.fetch(&room, [target]);
        self.list(room, Listed::Replies(target));
    }

    /// Requests the next page of a listing.
    pub fn list_more(&self, listing: RwSignal<Option<Listing>>) {
        let next = listing.with_untracked(|listing| {
            let listing = listing.as_ref().filter(|listing| listing.more)?;
            Some((listing.command(true), Asked::List(listing.room.clone(), listing.listed, false)))
        });
        if let Some((command, asked)) = next {
            listing.update(|listing| listing.iter_mut().for_each(|l| l.progress = Progress::Loading));
            self.look_up(command, asked);
        }
    }

    /// Requests the latest versions of a message. They arrive in [`Store::versions`].
    pub fn list_versions(&self, room: RoomAddress, target: Seq) {
        self.versions.set(Some(Versions::of(room, target)));
        self.ask_versions();
    }

    /// Requests the next, older page of versions.
    pub fn more_versions(&self) {
        self.versions.update(|versions| versions.iter_mut().for_each(|v| v.progress = Progress::Loading));
        self.ask_versions();
    }

    fn ask_versions(&self) {
        let asked = |of: &Versions| (of.command(), Asked::Versions(of.room.clone(), of.target));
        if let Some((command, asked)) = self.versions.with_untracked(|of| of.as_ref().map(asked)) {
            self.look_up(command, asked);
        }
    }

    /// Requests who reacted to a message with `emoji`. The answer arrives in [`Store::reactors`].
    pub fn list_reactors(&self, room: RoomAddress, target: Seq, emoji: Emoji) {
        self.look_up(Command::ListReactors { room, target, emoji, after: None }, Asked::Reactors);
    }

    pub(super) fn found(&self, results: SearchResults) {
        let asked = self.answered(results.id.as_ref());
        self.search.update(|search| {
            // A later search has a different query.
            if asked == Some(Asked::Search(search.query.clone())) {
                search.page(results);
            }
        });
    }

    pub(super) fn told_messages(&self, messages: Messages) {
        match self.answered(messages.id.as_ref()) {
            Some(Asked::Messages(room, seqs)) => {
                let Messages { epoch, events, more, .. } = messages;
                self.in_room(&room, |room| room.fetched(&seqs, epoch, &events, more));
                if more {
                    self.fetch(&room, seqs);
                }
            }
            Some(Asked::List(room, listed, first)) => self.in_listing(&room, listed, |listing| {
                listing.page(messages, first);
            }),
            _ => {}
        }
    }

    pub(super) fn told_versions(&self, page: shared::Versions) {
        if let Some(Asked::Versions(room, target)) = self.answered(page.id.as_ref()) {
            self.in_versions(&room, target, |versions| versions.page(page.versions, page.more));
        }
    }

    pub(super) fn told_reactors(&self, reactors: Reactors) {
        if let Some(Asked::Reactors) = self.answered(reactors.id.as_ref()) {
            self.reactors.set(Some(reactors));
        }
    }

    /// Handles a refused lookup.
    pub(super) fn lookup_failed(&self, asked: Asked, failure: Failure) {
        match asked {
            Asked::Messages(room, seqs) => {
                self.in_room(&room, |room| room.fetch_failed(&seqs));
            }
            Asked::List(room, listed, _) => {
                self.in_listing(&room, listed, |listing| listing.progress = Progress::Failed(failure));
            }
            Asked::Versions(room, target) => {
                self.in_versions(&room, target, |versions| versions.progress = Progress::Failed(failure));
            }
            Asked::Search(query) => self.search.update(|search| {
                if search.query == query {
                    search.progress = Progress::Failed(failure);
                }
            }),
            Asked::Leave(_) => self.notify(About::Offline),
            // The names listed in the message stay.
            Asked::Reactors | Asked::Join(_) | Asked::Page(..) | Asked::Count(_) => {}
        }
    }

    /// The connection is gone, and with it the answers to pending lookups.
    pub(super) fn lookups_lost(&self, asked: impl Iterator<Item = Asked>) {
        for asked in asked {
            self.lookup_failed(asked, Failure::new(ErrorCode::Unavailable, "the connection is gone"));
        }
    }

    /// Applies an event to the listings beside the conversation.
    pub(super) fn listings_follow(&self, name: &RoomAddress, event: &RoomEvent) {
        for listing in [self.pins(), self.replies()] {
            if !listing
                .with_untracked(|listing| listing.as_ref().is_some_and(|listing| listing.room == *name))
            {
                continue;
            }
            let message = match event {
                RoomEvent::Changed(changed) => self
                    .room_untracked(name)
                    .and_then(|room| room.with_untracked(|room| room.message(changed.target).cloned())),
                _ => None,
            };
            let follow = |listing: &mut Option<Listing>| {
                listing.as_mut().is_some_and(|listing| listing.follow(event, message.as_ref()))
            };
            if listing.try_update(follow) == Some(true) {
                self.list_pins(name.clone());
            }
        }
        if let RoomEvent::Changed(changed) = event
            && self.search.with_untracked(|search| search.has(changed))
            && let Some(room) = self.room_untracked(name)
        {
            let epoch = room.with_untracked(super::room::Room::epoch);
            self.search.update(|search| search.changed(epoch, changed));
        }
    }

    fn list(&self, room: RoomAddress, listed: Listed) {
        let command = Listing::of(room.clone(), listed).command(false);
        self.listing(listed).update(|listing| match listing {
            // Keep the present content until the answer replaces it.
            Some(listing) if listing.room == room && listing.listed == listed => {
                listing.progress = Progress::Loading;
            }
            _ => *listing = Some(Listing::of(room.clone(), listed)),
        });
        self.look_up(command, Asked::List(room, listed, true));
    }

    fn ask_search(&self, query: String, cursor: Option<u64>) {
        self.look_up(Command::Search { query: query.clone(), limit: None, cursor }, Asked::Search(query));
    }

    fn look_up(&self, command: Command, asked: Asked) {
        if self.connection.get_untracked().is_online() {
            self.ask_for(command, Some(asked));
        } else {
            self.lookup_failed(asked, Failure::new(ErrorCode::Unavailable, "there is no connection"));
        }
    }

    fn listing(&self, listed: Listed) -> RwSignal<Option<Listing>> {
        if listed == Listed::Pins { self.pins() } else { self.replies() }
    }

    fn in_listing(&self, room: &RoomAddress, listed: Listed, change: impl FnOnce(&mut Listing)) {
        self.listing(listed).update(|listing| {
            if let Some(listing) = listing
                && listing.room == *room
                && listing.listed == listed
            {
                change(listing);
            }
        });
    }

    fn in_versions(&self, room: &RoomAddress, target: Seq, change: impl FnOnce(&mut Versions)) {
        self.versions.update(|versions| {
            if let Some(versions) = versions
                && versions.room == *room
                && versions.target == target
            {
                change(versions);
            }
        });
    }
}
