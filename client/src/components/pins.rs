//! The list of a room's pinned messages.

use leptos::prelude::*;
use shared::RoomAddress;

use super::listing::ListingView;
use crate::state::Store;

/// The list, newest first.
#[component]
pub fn Pins(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    store.list_pins(room.clone());
    on_cleanup(move || store.pins().set(None));
    view! {
        <ListingView listing=store.pins() newest_first=true empty=|t| t.no_pins
            again=move || store.list_pins(room.clone()) more=move || store.list_more(store.pins()) />
    }
}
