//! The title of the page: the open room, and how much is new.

use leptos::prelude::*;
use shared::Timestamp;

use crate::core::Store;
use crate::i18n::use_language;
use crate::ui::room_name::room_name;

/// Synchronizes the title with the open room and the number of unread messages that are news.
pub fn follow(store: Store, now: RwSignal<Timestamp>) {
    let language = use_language();
    let title = Memo::new(move |_| {
        let name = |room| format!("{} · ", room_name(store, &room, language.get()));
        let room = store.open.get().map(name).unwrap_or_default();
        match store.all_news() {
            _ if store.is_quiet(|| now.get()) => format!("{room}Hiroba"),
            0 => format!("{room}Hiroba"),
            unread if unread > 99 => format!("(99+) {room}Hiroba"),
            unread => format!("({unread}) {room}Hiroba"),
        }
    });
    Effect::new(move || document().set_title(&title.get()));
}
