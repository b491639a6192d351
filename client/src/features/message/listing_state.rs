//! A listing that is shown: requested from the server, and up to date while it is there.

use leptos::prelude::*;
use shared::{Command, RoomAddress, RoomEvent, ServerFrame};

use super::listing::{Listed, Listing};
use crate::core::Store;
use crate::core::followers::Happening;
use crate::core::progress::Progress;

/// The state of a panel with a listing; it goes with the panel.
#[derive(Clone, Copy)]
pub struct ListingState {
    store: Store,
    listing: RwSignal<Listing>,
}

impl ListingState {
    /// Requests the first page and follows the room.
    pub fn new(store: Store, room: RoomAddress, listed: Listed) -> Self {
        let state = Self { store, listing: RwSignal::new(Listing::of(room, listed)) };
        store.follow(move |room, happening| {
            if state.listing.with_untracked(|listing| listing.room != *room) {
                return;
            }
            match happening {
                Happening::Event(event) => state.follow(room, event),
                Happening::Log(epoch) => {
                    if state.listing.try_update(|listing| listing.in_log(epoch)) == Some(true) {
                        state.again();
                    }
                }
            }
        });
        state.again();
        state
    }

    /// Reads the listing. Tracked.
    pub fn with<T>(self, read: impl FnOnce(&Listing) -> T) -> T {
        self.listing.with(read)
    }

    /// Requests the first page again; the present content stays until it is there.
    pub fn again(self) {
        self.request(false);
    }

    /// Requests the next page.
    pub fn more(self) {
        if self.listing.with_untracked(|listing| listing.more) {
            self.request(true);
        }
    }

    fn request(self, further: bool) {
        let command: Command = self.listing.with_untracked(|listing| listing.command(further));
        self.listing.update(|listing| listing.progress = Progress::Loading);
        self.store.request(command, move |answer| {
            // The panel may be closed by now.
            self.listing.update(|listing| match answer {
                Ok(ServerFrame::Messages(messages)) => listing.page(messages.clone(), !further),
                Ok(_) => {}
                Err(why) => listing.progress = Progress::Failed(why.into()),
            });
        });
    }

    fn follow(self, room: &RoomAddress, event: &RoomEvent) {
        let message = match event {
            RoomEvent::Changed(changed) => self
                .store
                .room(room)
                .and_then(|room| room.with_untracked(|room| room.message(changed.target).cloned())),
            _ => None,
        };
        let lacks = self.listing.try_update(|listing| listing.follow(event, message.as_ref()));
        if lacks == Some(true) {
            self.again();
        }
    }
}
