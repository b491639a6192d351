//! State that survives a reload: the guest of this tab, its rooms, and everything not sent yet.

use leptos::prelude::*;
use shared::RoomAddress;

use crate::browser::location;
use crate::browser::storage::BrowserStorage;
use crate::core::Store;
use crate::core::edits::Edits;
use crate::core::room::Room;

const GUEST: &str = "hiroba.guest";
const ROOMS: &str = "hiroba.rooms";
const OUTBOX: &str = "hiroba.outbox";
const DRAFTS: &str = "hiroba.drafts";
const EDITS: &str = "hiroba.edits";
const REPLYING: &str = "hiroba.replying";
const ALL: [&str; 6] = [GUEST, ROOMS, OUTBOX, DRAFTS, EDITS, REPLYING];

/// Restores what the tab stored. Messages are loaded from the server again.
pub fn restore(store: Store) {
    let Some(identity) = BrowserStorage::Tab.value(GUEST) else { return };
    let rooms: Vec<RoomAddress> = BrowserStorage::Tab.value(ROOMS).unwrap_or_default();
    store.rooms.set(rooms.iter().map(|room| (room.clone(), ArcRwSignal::new(Room::unknown()))).collect());
    store.outbox.set(BrowserStorage::Tab.value(OUTBOX).unwrap_or_default());
    store.outbox.update(crate::core::outbox::Outbox::disconnected);
    store.drafts.set(BrowserStorage::Tab.value(DRAFTS).unwrap_or_default());
    store.edits().set(Edits::from_kept(&BrowserStorage::Tab.value::<Vec<String>>(EDITS).unwrap_or_default()));
    store.replying.set(BrowserStorage::Tab.value(REPLYING).unwrap_or_default());
    match location::place() {
        Some((room, seq)) => store.go(room, seq),
        None => rooms.first().cloned().into_iter().for_each(|room| store.go(room, None)),
    }
    store.identity.set(Some(identity));
}

/// Stores it on every change. A guest is bound to its tab: other tabs are other guests and see none of it.
pub fn follow(store: Store) {
    Effect::new(move || match store.identity.get() {
        Some(identity) => BrowserStorage::Tab.set_value(GUEST, &identity),
        None => ALL.into_iter().for_each(|key| BrowserStorage::Tab.remove(key)),
    });
    let signed_in = move || store.identity.with(Option::is_some);
    Effect::new(move || {
        if signed_in() {
            BrowserStorage::Tab
                .set_value(ROOMS, &store.rooms.with(|rooms| rooms.keys().cloned().collect::<Vec<_>>()));
        }
    });
    Effect::new(move || {
        if signed_in() {
            store.outbox.with(|outbox| BrowserStorage::Tab.set_value(OUTBOX, outbox));
        }
    });
    Effect::new(move || {
        if signed_in() {
            store.drafts.with(|drafts| BrowserStorage::Tab.set_value(DRAFTS, drafts));
        }
    });
    Effect::new(move || {
        if signed_in() {
            BrowserStorage::Tab.set_value(EDITS, &store.edits().with(Edits::kept));
        }
    });
    Effect::new(move || {
        if signed_in() {
            store.replying.with(|replying| BrowserStorage::Tab.set_value(REPLYING, replying));
        }
    });
}
