//! What can be done with the open room: a menu in its head.

use leptos::prelude::*;
use shared::{Privilege, RoomAddress};

use super::texts;
use crate::browser::events::own_element;
use crate::browser::location;
use crate::core::Store;
use crate::core::notices::About;
use crate::features::account::preferences;
use crate::features::doors::dialogs::{self, REPORTS, ROOM_DETAILS};
use crate::features::doors::reports::texts::REPORTS as REPORTS_LABEL;
use crate::features::leaving::question::Parting;
use crate::features::message::actions::use_actions;
use crate::i18n::{common, t, use_language};
use crate::ui::icons::{ABOUT, BELL_OFF, DOWN, FLAG, Icon, LEAVE, LINK, MORE, PEOPLE, STAR, UP};
use crate::ui::later::{Later, later};
use crate::ui::layers::{Layer, use_layers};
use crate::ui::menu::{Item, Menu};
use crate::ui::popup::{Anchor, Popup};
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

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
    let reports = Memo::new(move |_| store.room(&store.open.get()?)?.with(|room| room.doors.reports));
    let language = use_language();
    let label = move || {
        let (menu, language) = (texts::ROOM_MENU.of(language.get()), language.get());
        reports.get().map_or_else(|| menu.to_owned(), |count| (texts::WITH_REPORTS.of(language))(menu, count))
    };
    view! {
        <Show when=move || store.open.with(Option::is_some)>
            <button type="button" class="icon-button" data-testid="room-menu-open" aria-haspopup="dialog"
                aria-label=label title=t(&texts::ROOM_MENU) data-reports=move || reports.get() on:click=open>
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
    let (actions, credentials) = (use_actions(), use_credentials());
    let muted = untrack(|| store.is_muted(&room));
    let room = StoredValue::new(room);
    let mute = move || {
        preferences::mute(store, credentials, room.get_value(), !muted);
        store.notify(About::Muted(!muted));
        actions.dismiss();
    };
    let copy = move || actions.copy(room.with_value(location::room_link), About::LinkCopied);
    let leave = move || parting.part(Some(room.get_value()));
    let details = move || layers.open(ROOM_DETAILS);
    let may = |privilege| room.with_value(|room| untrack(|| store.may(room, privilege)));
    let invites = may(Privilege::Invite) || may(Privilege::Link);
    let keeps_order = may(Privilege::Restrict);
    let reports = move || layers.open(REPORTS);
    let invite = move || dialogs::invite(layers);
    // Those that are not joined at present have a place, but none that is seen.
    let favourites = untrack(|| store.joined_favourites());
    let place = room.with_value(|room| favourites.iter().position(|other| other == room));
    let prefer = move |change: Change| {
        let before = store.favourites.get_untracked();
        let mut rooms = before.clone();
        change(&mut rooms, &untrack(|| store.joined_favourites()), &room.get_value());
        preferences::set_favourites(store, credentials, before, rooms);
        actions.dismiss();
    };
    let star_label = if place.is_some() { &texts::REMOVE_FAVOURITE } else { &texts::ADD_FAVOURITE };
    let star = move || prefer(toggle);
    let is_last = place.is_some_and(|place| place + 1 == favourites.len());
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
            {keeps_order.then(|| view! {
                <Item name="reports-open" label=&REPORTS_LABEL icon=FLAG danger=false on_click=reports />
            })}
            {untrack(|| store.is_account()).then(|| view! {
                <Item name="favourite" label=star_label icon=STAR danger=false on_click=star />
            })}
            {place.is_some_and(|place| place > 0).then(|| view! {
                <Item name="favourite-up" label=&texts::MOVE_UP icon=UP danger=false on_click=move || prefer(up) />
            })}
            {place.is_some_and(|_| !is_last).then(|| view! {
                <Item name="favourite-down" label=&texts::MOVE_DOWN icon=DOWN danger=false on_click=move || prefer(down) />
            })}
            <Item name="mute-room" label=mute_label icon=BELL_OFF danger=false on_click=mute />
            <Item name="copy-room-link" label=&texts::COPY_ROOM_LINK icon=LINK danger=false on_click=copy />
            <Item name="leave-room" label=leave_label icon=LEAVE danger=!is_direct on_click=leave />
        </Menu>
    }
}

/// Changes the favourites; also gets those that are seen, and the room.
type Change = fn(&mut Vec<RoomAddress>, &[RoomAddress], &RoomAddress);

/// Adds a room to the favourites, or takes it out.
fn toggle(rooms: &mut Vec<RoomAddress>, _: &[RoomAddress], room: &RoomAddress) {
    let count = rooms.len();
    rooms.retain(|other| other != room);
    if rooms.len() == count {
        rooms.push(room.clone());
    }
}

/// Moves a favourite before the one that is seen above it.
fn up(rooms: &mut Vec<RoomAddress>, seen: &[RoomAddress], room: &RoomAddress) {
    shift(rooms, room, seen.iter().rev());
}

/// Moves a favourite behind the one that is seen below it.
fn down(rooms: &mut Vec<RoomAddress>, seen: &[RoomAddress], room: &RoomAddress) {
    shift(rooms, room, seen.iter());
}

fn shift<'a>(rooms: &mut Vec<RoomAddress>, room: &RoomAddress, seen: impl Iterator<Item = &'a RoomAddress>) {
    let at = |rooms: &[RoomAddress], of: &RoomAddress| rooms.iter().position(|other| other == of);
    let next = seen.skip_while(|other| *other != room).nth(1);
    if let (Some(from), Some(to)) = (at(rooms, room), next.and_then(|next| at(rooms, next))) {
        let moved = rooms.remove(from);
        rooms.insert(to, moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn favourites_move_past_those_that_are_seen() {
        let named = |names: &str| -> Vec<RoomAddress> {
            names.split_whitespace().map(|name| RoomAddress::new(name).unwrap()).collect()
        };
        let cases: [(Change, &str, &str); 6] = [
            (up, "c", "a left c b"),
            (down, "a", "left b a c"),
            (up, "a", "a left b c"),
            (down, "c", "a left b c"),
            (toggle, "b", "a left c"),
            (toggle, "d", "a left b c d"),
        ];
        for (change, room, after) in cases {
            let mut rooms = named("a left b c");
            change(&mut rooms, &named("a b c"), &named(room)[0]);
            assert_eq!(rooms, named(after), "{room}");
        }
    }
}
