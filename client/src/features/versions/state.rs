//! The earlier texts that are shown; they go with their dialog.

use leptos::prelude::*;
use shared::{RoomAddress, Seq, ServerFrame};

use super::history::Versions;
use crate::core::Store;
use crate::core::progress::Progress;

/// The state of the dialog.
#[derive(Clone, Copy)]
pub struct VersionsState {
    store: Store,
    versions: RwSignal<Versions>,
}

impl VersionsState {
    /// Requests the latest versions of a message.
    pub fn new(store: Store, room: RoomAddress, target: Seq) -> Self {
        let state = Self { store, versions: RwSignal::new(Versions::of(room, target)) };
        state.more();
        state
    }

    /// Reads the versions. Tracked.
    pub fn with<T>(self, read: impl FnOnce(&Versions) -> T) -> T {
        self.versions.with(read)
    }

    /// Requests the next, older page.
    pub fn more(self) {
        self.versions.update(|versions| versions.progress = Progress::Loading);
        let command = self.versions.with_untracked(Versions::command);
        self.store.request(command, move |answer| {
            // The dialog may be closed by now.
            self.versions.update(|versions| match answer {
                Ok(ServerFrame::Versions(page)) => versions.page(page.versions.clone(), page.more),
                Ok(_) => {}
                Err(why) => versions.progress = Progress::Failed(why.into()),
            });
        });
    }
}
