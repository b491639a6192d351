//! The dialogs, whose code is fetched on demand.

use leptos::prelude::*;

use super::creation::Creation;
use super::details::Details;
use super::removal::Removal;
use super::texts;
use crate::core::Store;
use crate::i18n::common;
use crate::ui::focus;
use crate::ui::later::later;
use crate::ui::later_popup::LaterPopup;
use crate::ui::layers::{Layer, Layers};

/// Creating a private room.
pub const NEW_PRIVATE_ROOM: Layer = Layer::page("new-private-room");

/// What the open room tells of itself.
pub const ROOM_DETAILS: Layer = Layer::page("room-details");

/// The question before somebody is removed from the open room.
pub const REMOVAL: Layer = Layer::dialog("removal");

/// Opens the details of the open room at the field in which people are invited.
pub fn invite(layers: Layers) {
    layers.open(ROOM_DETAILS);
    request_animation_frame(|| focus::on("#invite-name"));
}

#[component]
pub fn DoorDialogs() -> impl IntoView {
    view! {
        <LaterPopup layer=NEW_PRIVATE_ROOM label=&common::NEW_PRIVATE_ROOM code=creation />
        <LaterPopup layer=ROOM_DETAILS label=&common::ROOM_DETAILS code=details />
        <LaterPopup layer=REMOVAL label=&texts::REMOVE code=removal />
    }
}

/// Closes a dialog about the open room when another room is opened.
pub(super) fn close_with_room(store: Store, layers: Layers, layer: Layer) {
    let room = store.open.get_untracked();
    Effect::new(move || {
        if store.open.get() != room {
            layers.close_layer(layer);
        }
    });
}

later! {
    /// Fetches the code of the form for a new room.
    fn creation(()) in dialogs: |()| view! { <Creation /> }.into_any()
}

later! {
    /// Fetches the code of the details of a room.
    fn details(()) in dialogs: |()| view! { <Details /> }.into_any()
}

later! {
    /// Fetches the code of the question.
    fn removal(()) in dialogs: |()| view! { <Removal /> }.into_any()
}
