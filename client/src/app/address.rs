//! The address and the title follow the open room, and the open room follows Back and Forward.

use leptos::ev;
use leptos::prelude::*;

use crate::browser::location;
use crate::components::layers::Layers;
use crate::state::Store;

/// Ties the address to the open room.
pub fn follow(store: Store, layers: Layers) {
    Effect::new(move |before: Option<bool>| {
        let entered = store.identity.with(Option::is_some);
        let open = store.open.get();
        let shown = location::room();
        if !entered {
            // An invitation stays in the address until a name is given; afterwards nothing is left of the visit.
            if before == Some(true) {
                location::replace(None);
            }
        } else if open != shown {
            match &open {
                Some(room) if shown.is_some() && !location::is_layer() => location::push(room),
                _ => location::replace(open.as_ref()),
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
            && let Some(room) = location::room()
        {
            store.open(room);
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
