//! What a room is called on the page, and the sign of a private one.

use leptos::prelude::*;
use shared::RoomAddress;

use super::icons::{Icon, LOCK, PEOPLE};
use super::texts;
use crate::core::Store;
use crate::i18n::{Language, Text, common, use_language};

/// A public room is called by its name, a private one by its title, a conversation by its other people. Tracked.
pub fn room_name(store: Store, room: &RoomAddress, language: Language) -> String {
    if !room.is_private() {
        return room.to_string();
    }
    let title = store.titles().with(|titles| titles.get(room).cloned());
    title.unwrap_or_else(|| kind(room).of(language).to_owned())
}

fn kind(room: &RoomAddress) -> &'static Text {
    if room.is_direct() { &texts::DIRECT } else { &common::PRIVATE_ROOM }
}

/// What a room is called where it is shown; before the title of a private one is a lock.
pub fn shown_name(store: Store, room: &RoomAddress) -> AnyView {
    if !room.is_private() {
        return room.to_string().into_any();
    }
    let (kind, room, language) = (kind(room), room.clone(), use_language());
    let lock = (!room.is_direct()).then(|| {
        view! {
            <span class="lock">
                <Icon path=LOCK />
            </span>
        }
    });
    let name = move || room_name(store, &room, language.get());
    view! {
        {lock}
        <span class="heard">{move || kind.of(language.get())}": "</span>
        {name}
    }
    .into_any()
}

/// The sign of a room in a list of proposals: `#`, a lock, or people.
pub fn room_sign(room: &RoomAddress) -> AnyView {
    let sign = match (room.is_private(), room.is_direct()) {
        (_, true) => view! { <Icon path=PEOPLE /> }.into_any(),
        (true, _) => view! { <Icon path=LOCK /> }.into_any(),
        _ => "#".into_any(),
    };
    view! { <span class="proposal-sign" aria-hidden="true">{sign}</span> }.into_any()
}
