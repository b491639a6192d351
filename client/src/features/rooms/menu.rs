//! What can be done with the open room: a menu in its head.

use leptos::prelude::*;
use shared::{Privilege, RoomAddress};

use super::texts;
use crate::browser::events::own_element;
use crate::browser::location;
use crate::core::Store;
use crate::core::notices::About;
use crate::features::doors::dialogs::{self, ROOM_DETAILS};
use crate::features::leaving::question::Parting;
use crate::features::message::actions::use_actions;
use crate::i18n::{common, t};
use crate::ui::icons::{ABOUT, BELL_OFF, Icon, LEAVE, LINK, MORE, PEOPLE};
use crate::ui::later::{Later, later};
use crate::ui::layers::{Layer, use_layers};
use crate::ui::menu::{Item, Menu};
use crate::ui::popup::{Anchor, Popup};
use crate::ui::show::Show;

const MENU: Layer = Layer::dialog("room-menu").giving_way();

/// The button and its menu.
#[component]
pub fn RoomMenu() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let anchor = RwSignal::new(None);
    let open = move |event: web_sys::MouseEvent| {
        anchor.set(own_element(&event).as_ref().map(Anchor::of));
        layers.open(MENU);
    };
    // The menu is about the open room.
    Effect::new(move || {
        store.open.track();
        layers.close_layer(MENU);
    });
    view! {
        <Show when=move || store.open.with(Option::is_some)>
            <button type="button" class="icon-button" data-testid="room-menu-open" aria-haspopup="dialog"
                aria-label=t(&texts::ROOM_MENU) title=t(&texts::ROOM_MENU) on:click=open>
                <Icon path=MORE />
            </button>
        </Show>
        <Popup layer=MENU label=&texts::ROOM_MENU anchor>
            {move || store.open.get_untracked().map(|room| view! { <Later code=items of=room /> })}
        </Popup>
    }
}

later! {
    /// Fetches the code of the menu.
    fn items(RoomAddress) in dialogs: |room| view! { <Items room /> }.into_any()
}

#[component]
fn Items(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let (parting, layers): (Parting, _) = (expect_context(), use_layers());
    let actions = use_actions();
    let muted = untrack(|| store.is_muted(&room));
    let room = StoredValue::new(room);
    let mute = move || {
        store.mute(room.get_value(), !muted);
        store.notify(About::Muted(!muted));
        actions.dismiss();
    };
    let copy = move || actions.copy(room.with_value(location::room_link), About::LinkCopied);
    let leave = move || parting.part(Some(room.get_value()));
    let details = move || layers.open(ROOM_DETAILS);
    let invites = room.with_value(|room| untrack(|| store.may(room, Privilege::Invite)));
    let invite = move || dialogs::invite(layers);
    let is_direct = room.with_value(RoomAddress::is_direct);
    let leave_label = if is_direct { &common::CLOSE_CONVERSATION } else { &texts::LEAVE };
    let mute_label = if muted { &texts::UNMUTE } else { &texts::MUTE };
    view! {
        <Menu label=&texts::ROOM_MENU>
            {(!is_direct).then(|| view! {
                <Item name="room-details-open" label=&common::ROOM_DETAILS icon=ABOUT danger=false on_click=details />
            })}
            {invites.then(|| view! {
                <Item name="invite-open" label=&common::INVITE_PEOPLE icon=PEOPLE danger=false on_click=invite />
            })}
            <Item name="mute-room" label=mute_label icon=BELL_OFF danger=false on_click=mute />
            <Item name="copy-room-link" label=&texts::COPY_ROOM_LINK icon=LINK danger=false on_click=copy />
            <Item name="leave-room" label=leave_label icon=LEAVE danger=!is_direct on_click=leave />
        </Menu>
    }
}
