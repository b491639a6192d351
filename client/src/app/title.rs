//! The title of the page: the open room, and how much is new.

use leptos::prelude::*;
use shared::Timestamp;

use crate::core::Store;

/// Synchronizes the title with the open room and the number of unread messages that are news.
pub fn follow(store: Store, now: RwSignal<Timestamp>) {
    let title = Memo::new(move |_| {
        let room = store.open.get().map(|room| format!("{room} · ")).unwrap_or_default();
        match store.all_news() {
            _ if store.is_quiet(|| now.get()) => format!("{room}Hiroba"),
            0 => format!("{room}Hiroba"),
            unread if unread > 99 => format!("(99+) {room}Hiroba"),
            unread => format!("({unread}) {room}Hiroba"),
        }
    });
    Effect::new(move || document().set_title(&title.get()));
}
