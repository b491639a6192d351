//! Lookups: search, pins, replies, edit history.

use leptos::prelude::*;
use shared::{Command, Emoji, RoomAddress, RoomEvent, Seq, ServerFrame};

use super::Store;
use super::listings::{Listed, Listing, Progress, Search, Versions};

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
            Some((listing.command(true), listing.room.clone(), listing.listed))
        });
        if let Some((command, room, listed)) = next {
            listing.update(|listing| listing.iter_mut().for_each(|l| l.progress = Progress::Loading));
            self.ask_list(command, room, listed, false);
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
        let asked = |of: &Versions| (of.command(), of.room.clone(), of.target);
        let Some((command, room, target)) = self.versions.with_untracked(|of| of.as_ref().map(asked)) else {
            return;
        };
        let store = *self;
        self.request(command, move |answer| {
            store.versions.update(|versions| {
                let Some(versions) = versions.as_mut().filter(|of| of.room == room && of.target == target)
                else {
                    return;
                };
                match answer {
                    Ok(ServerFrame::Versions(page)) => versions.page(page.versions.clone(), page.more),
                    Ok(_) => {}
                    Err(why) => versions.progress = Progress::Failed(why.into()),
                }
            });
        });
    }

    /// Requests who reacted to a message with `emoji`. The answer arrives in [`Store::reactors`].
    pub fn list_reactors(&self, room: RoomAddress, target: Seq, emoji: Emoji) {
        let store = *self;
        self.request(Command::ListReactors { room, target, emoji, after: None }, move |answer| {
            // Without an answer the names listed in the message stay.
            if let Ok(ServerFrame::Reactors(reactors)) = answer {
                store.reactors.set(Some(reactors.clone()));
            }
        });
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
        self.ask_list(command, room, listed, true);
    }

    fn ask_list(&self, command: Command, room: RoomAddress, listed: Listed, first: bool) {
        let store = *self;
        self.request(command, move |answer| {
            store.listing(listed).update(|listing| {
                let Some(listing) = listing.as_mut().filter(|l| l.room == room && l.listed == listed) else {
                    return;
                };
                match answer {
                    Ok(ServerFrame::Messages(messages)) => listing.page(messages.clone(), first),
                    Ok(_) => {}
                    Err(why) => listing.progress = Progress::Failed(why.into()),
                }
            });
        });
    }

    fn ask_search(&self, query: String, cursor: Option<u64>) {
        let store = *self;
        self.request(Command::Search { query: query.clone(), limit: None, cursor }, move |answer| {
            store.search.update(|search| match answer {
                // A later search has another query.
                _ if search.query != query => {}
                Ok(ServerFrame::SearchResults(results)) => search.page(results.clone()),
                Ok(_) => {}
                Err(why) => search.progress = Progress::Failed(why.into()),
            });
        });
    }

    fn listing(&self, listed: Listed) -> RwSignal<Option<Listing>> {
        if listed == Listed::Pins { self.pins() } else { self.replies() }
    }
}
