//! Keeps the address and the title in sync with the open room, and the open room in sync with Back and Forward.

use leptos::ev;
use leptos::prelude::*;

use crate::browser::events::on_window;
use crate::browser::location::{self, Place};
use crate::core::Store;
use crate::ui::layers::Layers;

/// Synchronizes the address with the open room and message.
pub fn follow(store: Store, layers: Layers) {
    Effect::new(move || {
        let here = store.open.get().map(|room| (room, store.spot.get()));
        write(layers, here.as_ref());
    });
    on_window(ev::popstate, move |_| {
        let closed = layers.has_stepped_back();
        if location::is_list() {
            layers.show_list();
        } else if closed {
            // The open room may have changed while the layer was open.
            let open = store.open.get_untracked();
            write(layers, open.map(|room| (room, store.spot.get_untracked())).as_ref());
        } else if let Some((room, seq)) = location::place() {
            store.go_again(room, seq);
        }
    });
}

/// Makes the address match `here`.
fn write(layers: Layers, here: Option<&Place>) {
    let shown = location::place();
    if layers.steps_back() {
        return;
    }
    match (here, &shown) {
        (Some(here), _) if location::is_new() => location::push_first(here),
        _ if here == shown.as_ref() => {}
        // Only the message was dropped from the address: not worth a history entry.
        (Some((room, None)), Some((before, _))) if room == before => location::replace(here),
        (Some(here), Some(_)) if location::layers() == 0 => location::push(here),
        (Some(here), None) if location::is_list() => location::push(here),
        _ => location::replace(here),
    }
}

/// Synchronizes the title with the open room and the number of unread messages.
pub fn title(store: Store) {
    let title = Memo::new(move |_| {
        let room = store.open.get().map(|room| format!("{room} · ")).unwrap_or_default();
        match store.unread() {
            0 => format!("{room}Hiroba"),
            unread if unread > 99 => format!("(99+) {room}Hiroba"),
            unread => format!("({unread}) {room}Hiroba"),
        }
    });
    Effect::new(move || document().set_title(&title.get()));
}
