//! The list of a room's pinned messages.

use leptos::prelude::*;

use super::texts;
use crate::i18n::common;
use shared::RoomAddress;

use crate::core::Store;
use crate::features::message::action::{Facts, MessageAction};
use crate::features::message::listing::Listed;
use crate::features::message::listing_state::ListingState;
use crate::features::message::listing_view::ListingView;
use crate::ui::icons::PIN;
use crate::ui::later::{Later, later};
use crate::ui::pane::{Panel, PanelButton};

/// Pinning and unpinning.
pub const PIN_MESSAGE: MessageAction = MessageAction::new(
    "pin",
    |facts| if facts.pinned { &texts::UNPIN } else { &texts::PIN },
    PIN,
    |actions, target, facts| {
        actions.store.pin(&target.room, target.seq, !facts.pinned);
        actions.dismiss();
    },
)
.when(Facts::is_open);

/// The pinned messages of the room.
pub const PANEL: Panel = Panel::new("pins", &common::PINS, |of| {
    of.room.map(|room| view! { <Later code=pins of=room class="panel-scroll" /> }.into_any())
});

later! {
    /// Fetches the code of the list.
    pub fn pins(RoomAddress) in panels: |room| view! { <Pins room /> }.into_any()
}

pub const BUTTON: PanelButton = PanelButton {
    panel: PANEL,
    name: "pins-open",
    label: &common::PINS,
    icon: PIN,
    class: "",
    toggles: true,
};

/// The list, newest first.
#[component]
fn Pins(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let listing = ListingState::new(store, room, Listed::Pins);
    view! { <ListingView listing newest_first=true empty=&texts::NO_PINS /> }
}
