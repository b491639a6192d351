//! The address and the title follow the place that is open, and the place follows Back and Forward.

use leptos::ev;
use leptos::prelude::*;

use crate::browser::location;
use crate::components::layers::Layers;
use crate::state::Store;

/// Ties the address to the open room and message.
pub fn follow(store: Store, layers: Layers) {
    Effect::new(move |before: Option<bool>| {
        let entered = store.identity.with(Option::is_some);
        let here = store.open.get().map(|room| (room, store.spot.get()));
        let shown = location::place();
        if !entered {
            // An invitation stays in the address until a name is given; afterwards nothing is left of the visit.
            if before == Some(true) {
                location::replace(None);
            }
        } else if here != shown {
            match (&here, &shown) {
                // Only the message is left: that is no place to come back to.
                (Some((room, None)), Some((before, _))) if room == before => location::replace(here.as_ref()),
                (Some(here), Some(_)) if !location::is_layer() => location::push(here),
                _ => location::replace(here.as_ref()),
            }
        }
        entered
    });
    // The page lives as long as the program: the listener is never taken away.
    std::mem::forget(window_event_listener(ev::popstate, move |_| {
        if !location::is_layer() {
            layers.closed();
        }
        if store.identity.with_untracked(Option::is_some)
            && let Some((room, seq)) = location::place()
        {
            store.go(room, seq);
        }
    }));
}

/// Ties the title to the open room and the number of unread messages.
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
