//! State that survives a reload: who this tab is, its rooms, and everything not sent yet.

use leptos::prelude::*;
use shared::RoomAddress;

use crate::browser::location;
use crate::browser::storage::BrowserStorage;
use crate::core::Store;
use crate::core::edits::Edits;
use crate::core::identity::{Identity, KEPT_AS as IDENTITY};
use crate::core::outbox::Outbox;
use crate::core::room::Room;

const ROOMS: &str = "hiroba.rooms";
const OUTBOX: &str = "hiroba.outbox";
const DRAFTS: &str = "hiroba.drafts";
const EDITS: &str = "hiroba.edits";
const MUTED: &str = "hiroba.muted";
const REPLYING: &str = "hiroba.replying";
const ALL: [&str; 7] = [IDENTITY, ROOMS, OUTBOX, DRAFTS, EDITS, MUTED, REPLYING];

/// Whether the tab has kept a session.
pub fn has_session() -> bool {
    BrowserStorage::Tab.text(IDENTITY).is_some()
}

/// Whoever the tab was before it was loaded again.
pub fn identity() -> Option<Identity> {
    BrowserStorage::Tab.value(IDENTITY)
}

/// Restores what the tab stored. Messages are loaded from the server again.
pub fn restore(store: Store) {
    // The rooms of an account come from the server: it may have left some elsewhere.
    let is_guest = !store.is_account_untracked();
    let rooms: Vec<RoomAddress> =
        is_guest.then(|| BrowserStorage::Tab.value(ROOMS)).flatten().unwrap_or_default();
    store.rooms.set(rooms.iter().map(|room| (room.clone(), ArcRwSignal::new(Room::unknown()))).collect());
    store.outbox.set(BrowserStorage::Tab.value(OUTBOX).unwrap_or_default());
    store.outbox.update(Outbox::disconnected);
    store.drafts.set(BrowserStorage::Tab.value(DRAFTS).unwrap_or_default());
    store.edits().set(Edits::from_kept(&BrowserStorage::Tab.value::<Vec<String>>(EDITS).unwrap_or_default()));
    store.muted.set(BrowserStorage::Tab.value(MUTED).unwrap_or_default());
    store.replying.set(BrowserStorage::Tab.value(REPLYING).unwrap_or_default());
    if location::place().is_none() {
        rooms.first().cloned().into_iter().for_each(|room| store.go(room, None));
    }
}

/// Stores it on every change until the session ends. A guest is bound to its tab: other tabs are other guests and see
/// none of it.
pub fn follow(store: Store) {
    Effect::new(move || store.identity.with(|identity| BrowserStorage::Tab.set_value(IDENTITY, identity)));
    Effect::new(move || {
        let rooms = store.rooms.with(|rooms| rooms.keys().cloned().collect::<Vec<_>>());
        BrowserStorage::Tab.set_value(ROOMS, &rooms);
    });
    Effect::new(move || store.outbox.with(|outbox| BrowserStorage::Tab.set_value(OUTBOX, outbox)));
    Effect::new(move || store.drafts.with(|drafts| BrowserStorage::Tab.set_value(DRAFTS, drafts)));
    Effect::new(move || BrowserStorage::Tab.set_value(EDITS, &store.edits().with(Edits::kept)));
    Effect::new(move || store.replying.with(|replying| BrowserStorage::Tab.set_value(REPLYING, replying)));
    Effect::new(move || {
        store.muted.with(|muted| {
            // Of an account the server keeps them.
            if store.is_account() {
                BrowserStorage::Tab.remove(MUTED);
            } else {
                BrowserStorage::Tab.set_value(MUTED, muted);
            }
        });
    });
}

/// Removes everything from the storage.
pub fn forget() {
    for key in ALL {
        BrowserStorage::Tab.remove(key);
    }
}
