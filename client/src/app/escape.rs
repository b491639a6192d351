//! Escape, where nothing else wants it: everything in the open room counts as read.
//!
//! In a field it means that field, whose text is about something else; only the box to write in belongs to the room.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::keys::composing;
use crate::components::layers::Layers;
use crate::state::Store;

/// Begins to listen. Whoever uses the key for something else prevents its default.
pub fn watch(store: Store, layers: Layers) {
    // The page lives as long as the program: the listener is never taken away.
    std::mem::forget(window_event_listener(ev::keydown, move |event| {
        let in_field =
            event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
                element.matches("input, select, textarea:not(#composer)").unwrap_or(false)
            });
        let free = event.key() == "Escape" && !in_field && !composing(&event) && !event.default_prevented();
        if free
            && !layers.is_any()
            && let Some(room) = store.open.get_untracked()
        {
            store.mark_read(&room);
        }
    }));
}
