//! The dialogs, whose code is fetched on demand.

use leptos::prelude::*;
use shared::RestrictionKind;

use super::block::BlockQuestion;
use super::creation::Creation;
use super::details::Details;
use super::joining::{self, Note, Question};
use super::new_message::NewMessage;
use super::removal::Removal;
use super::reports::{self, ReportList, Reporting};
use super::restriction::Restricting;
use super::texts;
use crate::core::Store;
use crate::i18n::common;
use crate::ui::focus;
use crate::ui::later::later;
use crate::ui::later_popup::LaterDialog;
use crate::ui::layers::{Layer, Layers};

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

/// The question before somebody is blocked.
pub const BLOCKING: Layer = Layer::dialog("blocking");

/// How long, and why, somebody may not come into the open room.
pub const BAN: Layer = Layer::dialog("ban");

/// Why a message is reported.
pub const REPORTING: Layer = Layer::dialog("reporting");

/// The reports of the open room.
pub const REPORTS: Layer = Layer::page("reports");

/// Whether to go where the link leads that the page was opened with.
pub const JOINING: Layer = Layer::dialog("joining");

/// Opens the details of the open room where people are invited.
pub fn invite(layers: Layers) {
    layers.open(ROOM_DETAILS);
    request_animation_frame(|| focus::on("#invite-name, #room-link-make"));
}

pub const NEW_PRIVATE: LaterDialog = LaterDialog::new(NEW_PRIVATE_ROOM, &common::NEW_PRIVATE_ROOM, dialog);
pub const WRITE: LaterDialog = LaterDialog::new(NEW_MESSAGE, &common::NEW_MESSAGE, dialog);
pub const DETAILS: LaterDialog = LaterDialog::new(ROOM_DETAILS, &common::ROOM_DETAILS, dialog);
pub const REMOVE: LaterDialog = LaterDialog::new(REMOVAL, &texts::REMOVE, dialog);
pub const MUTE: LaterDialog = LaterDialog::new(MUTING, &texts::MUTE_BUTTON, dialog);
pub const BAN_SOMEBODY: LaterDialog = LaterDialog::new(BAN, &texts::BAN_BUTTON, dialog);
pub const BLOCK: LaterDialog = LaterDialog::new(BLOCKING, &texts::BLOCK, dialog);

pub const REPORT: LaterDialog = LaterDialog::new(REPORTING, &reports::texts::REPORT_MENU, dialog);
pub const REPORT_LIST: LaterDialog = LaterDialog::new(REPORTS, &reports::texts::REPORTS, dialog);
pub const JOIN: LaterDialog = LaterDialog::new(JOINING, &joining::texts::JOIN, dialog);

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
    /// Fetches the code of the dialogs, and of the line on the first page about a link: one function for all of them, because
    /// browsers download each.
    pub fn dialog(()) in dialogs: |()| {
        let Some(layers) = use_context::<Layers>() else { return view! { <Note /> }.into_any() };
        let shows = |layer| untrack(|| layers.is(layer));
        if shows(NEW_PRIVATE_ROOM) {
            view! { <Creation /> }.into_any()
        } else if shows(NEW_MESSAGE) {
            view! { <NewMessage /> }.into_any()
        } else if shows(REMOVAL) {
            view! { <Removal /> }.into_any()
        } else if shows(BLOCKING) {
            view! { <BlockQuestion /> }.into_any()
        } else if shows(MUTING) {
            view! { <Restricting layer=MUTING kind=RestrictionKind::Mute /> }.into_any()
        } else if shows(BAN) {
            view! { <Restricting layer=BAN kind=RestrictionKind::Ban /> }.into_any()
        } else if shows(REPORTING) {
            view! { <Reporting /> }.into_any()
        } else if shows(REPORTS) {
            view! { <ReportList /> }.into_any()
        } else if shows(JOINING) {
            view! { <Question /> }.into_any()
        } else {
            view! { <Details /> }.into_any()
        }
    }
}
