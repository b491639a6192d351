//! The name of a room in a text, which leads there.

use leptos::prelude::*;
use shared::RoomAddress;

use crate::browser::events::opens_elsewhere;
use crate::core::Store;
use crate::ui::layers::use_layers;

#[component]
pub fn RoomLink(room: RoomAddress, children: Children) -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let path = room.path();
    let go = move |event: web_sys::MouseEvent| {
        if !opens_elsewhere(&event) {
            event.prevent_default();
            layers.leave_for(store, room.clone());
        }
    };
    view! {
        <a class="call" href=path data-testid="text-room" on:click=go>
            {children()}
        </a>
    }
}
