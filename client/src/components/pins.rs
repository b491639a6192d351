//! The pinned messages of a room.

use leptos::prelude::*;
use shared::RoomAddress;

use super::listing::ListingView;
use crate::state::Store;

/// The list, the last one first.
#[component]
pub fn Pins(
    /// The room.
    room: RoomAddress,
) -> impl IntoView {
    let store: Store = expect_context();
    store.list_pins(room.clone());
    on_cleanup(move || store.pins().set(None));
    view! {
        <ListingView listing=store.pins() newest_first=true empty=|t| t.no_pins
            again=move || store.list_pins(room.clone()) more=move || store.list_more(store.pins()) />
    }
}
