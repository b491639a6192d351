//! Escape, where nothing else handles it: marks everything in the open room as read.
//!
//! In a text field Escape belongs to that field; only the composer belongs to the room.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::browser::events::on_window;
use crate::core::Store;
use crate::ui::composing::composing;
use crate::ui::layers::Layers;

/// Starts listening. Other handlers of the key call `preventDefault`.
pub fn watch(store: Store, layers: Layers) {
    on_window(ev::keydown, move |event| {
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
    });
}
