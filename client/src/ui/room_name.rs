//! What a room is called on the page, and the sign of a private one.

use leptos::prelude::*;
use shared::RoomAddress;

use super::icons::{Icon, LOCK};
use crate::core::Store;
use crate::i18n::{Language, common, t, use_language};

/// A public room is called by its name, a private one by its title. Tracked.
pub fn room_name(store: Store, room: &RoomAddress, language: Language) -> String {
    if !room.is_private() {
        return room.to_string();
    }
    let title = store.titles().with(|titles| titles.get(room).cloned());
    title.unwrap_or_else(|| common::PRIVATE_ROOM.of(language).to_owned())
}

/// What a room is called where it is shown; before the title of a private one is a lock.
pub fn shown_name(store: Store, room: &RoomAddress) -> AnyView {
    if !room.is_private() {
        return room.to_string().into_any();
    }
    let (room, language) = (room.clone(), use_language());
    let name = move || room_name(store, &room, language.get());
    view! {
        <span class="lock">
            <Icon path=LOCK />
        </span>
        <span class="heard">{t(&common::PRIVATE_ROOM)}": "</span>
        {name}
    }
    .into_any()
}

/// The sign of a room in a list of proposals: `#`, or a lock.
pub fn room_sign(room: &RoomAddress) -> AnyView {
    let sign = if room.is_private() { view! { <Icon path=LOCK /> }.into_any() } else { "#".into_any() };
    view! { <span class="proposal-sign" aria-hidden="true">{sign}</span> }.into_any()
}
