//! The dialogs, whose code is fetched on demand.

use leptos::prelude::*;
use shared::RestrictionKind;

use super::creation::Creation;
use super::details::Details;
use super::new_message::NewMessage;
use super::removal::Removal;
use super::restriction::Restricting;
use super::texts;
use crate::core::Store;
use crate::i18n::common;
use crate::ui::focus;
use crate::ui::later::later;
use crate::ui::later_popup::LaterDialog;
use crate::ui::layers::{Layer, Layers, use_layers};

/// Creating a private room.
pub const NEW_PRIVATE_ROOM: Layer = Layer::page("new-private-room");

/// Choosing whom to write to.
pub const NEW_MESSAGE: Layer = Layer::page("new-message").giving_way();

/// What the open room tells of itself.
pub const ROOM_DETAILS: Layer = Layer::page("room-details");

/// The question before somebody is removed from the open room.
pub const REMOVAL: Layer = Layer::dialog("removal");

/// How long, and why, somebody may not write in the open room.
pub const MUTING: Layer = Layer::dialog("muting");

/// How long, and why, somebody may not come into the open room.
pub const BAN: Layer = Layer::dialog("ban");

/// Opens the details of the open room at the field in which people are invited.
pub fn invite(layers: Layers) {
    layers.open(ROOM_DETAILS);
    request_animation_frame(|| focus::on("#invite-name"));
}

pub const NEW_PRIVATE: LaterDialog = LaterDialog::new(NEW_PRIVATE_ROOM, &common::NEW_PRIVATE_ROOM, dialog);
pub const WRITE: LaterDialog = LaterDialog::new(NEW_MESSAGE, &common::NEW_MESSAGE, dialog);
pub const DETAILS: LaterDialog = LaterDialog::new(ROOM_DETAILS, &common::ROOM_DETAILS, dialog);
pub const REMOVE: LaterDialog = LaterDialog::new(REMOVAL, &texts::REMOVE, dialog);
pub const MUTE: LaterDialog = LaterDialog::new(MUTING, &texts::MUTE_BUTTON, dialog);
pub const BAN_SOMEBODY: LaterDialog = LaterDialog::new(BAN, &texts::BAN_BUTTON, dialog);

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
    /// Fetches the code of the dialogs: one function for all of them, because browsers download each.
    fn dialog(()) in dialogs: |()| {
        let layers = use_layers();
        let shows = |layer| untrack(|| layers.is(layer));
        if shows(NEW_PRIVATE_ROOM) {
            view! { <Creation /> }.into_any()
        } else if shows(NEW_MESSAGE) {
            view! { <NewMessage /> }.into_any()
        } else if shows(REMOVAL) {
            view! { <Removal /> }.into_any()
        } else if shows(MUTING) {
            view! { <Restricting layer=MUTING kind=RestrictionKind::Mute /> }.into_any()
        } else if shows(BAN) {
            view! { <Restricting layer=BAN kind=RestrictionKind::Ban /> }.into_any()
        } else {
            view! { <Details /> }.into_any()
        }
    }
}
