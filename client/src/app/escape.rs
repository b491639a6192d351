//! Escape, where nothing else wants it: everything in the open room counts as read.

use leptos::ev;
use leptos::prelude::*;

use crate::components::keys::composing;
use crate::components::layers::Layers;
use crate::state::Store;

/// Begins to listen. Whoever uses the key for something else prevents its default.
pub fn watch(store: Store, layers: Layers) {
    // The page lives as long as the program: the listener is never taken away.
    std::mem::forget(window_event_listener(ev::keydown, move |event| {
        let free = event.key() == "Escape" && !composing(&event) && !event.default_prevented();
        if free
            && !layers.is_any()
            && let Some(room) = store.open.get_untracked()
        {
            store.mark_read(&room);
        }
    }));
}
