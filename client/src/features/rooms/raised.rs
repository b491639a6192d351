//! What stands first in the list of rooms: favourites in the user's own order, and rooms with something unread.

use leptos::prelude::*;
use shared::RoomAddress;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element};

use super::list::RoomItem;
use super::texts;
use crate::core::Store;
use crate::features::account::preferences::set_favourites;
use crate::i18n::t;
use crate::ui::clock::use_moment;
use crate::ui::each::each;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The list, as long as somebody points at it or is in it with the keyboard.
const HELD: &str = ".rooms-scroll:is(:hover, :focus-within)";

#[component]
pub fn Raised() -> impl IntoView {
    let store: Store = expect_context();
    let favourites = Memo::new(move |_| store.joined_favourites());
    let unread = unread(store, favourites);
    let raise = move || {
        let rooms = [favourites.get(), unread.get()].concat();
        if store.raised().with_untracked(|raised| *raised != rooms) {
            store.raised().set(rooms);
        }
    };
    // At once, so that no room is shown twice.
    untrack(raise);
    Effect::new(raise);
    on_cleanup(move || drop(store.raised().try_set(Vec::new())));
    view! {
        <Show when=move || favourites.with(|rooms| !rooms.is_empty())>
            <h2 class="list-title">{t(&texts::FAVOURITES)}</h2>
            <Favourites favourites />
        </Show>
        <Show when=move || unread.with(|rooms| !rooms.is_empty())>
            <h2 class="list-title">{t(&texts::UNREAD_ROOMS)}</h2>
            <ul class="rooms" data-testid="unread-rooms">
                {each(move || unread.get(), ToString::to_string, |room| view! { <RoomItem room /> })}
            </ul>
        </Show>
    }
}

/// The favourites, which can be dragged; the menu of a room does the same by keyboard.
#[component]
fn Favourites(favourites: Memo<Vec<RoomAddress>>) -> impl IntoView {
    let store: Store = expect_context();
    let credentials = use_credentials();
    // What is dragged, and the order before.
    let dragged = RwSignal::new(None::<(RoomAddress, Vec<RoomAddress>)>);
    let over = move |event: DragEvent| {
        let Some((room, _)) = dragged.get_untracked() else { return };
        event.prevent_default();
        if let Some(place) = room_at(&event).filter(|place| *place != room) {
            store.favourites.update(|favourites| put(favourites, &room, &place));
        }
    };
    let dropped = move |event: DragEvent| {
        let Some((_, before)) = dragged.get_untracked() else { return };
        event.prevent_default();
        dragged.set(None);
        let now = store.favourites.get_untracked();
        if now != before {
            set_favourites(store, credentials, before, now);
        }
    };
    // Dropped elsewhere, or given up.
    let ended = move |_| {
        if let Some((_, before)) = dragged.get_untracked() {
            dragged.set(None);
            store.favourites.set(before);
        }
    };
    view! {
        <ul class="rooms" data-testid="favourites"
            on:dragstart=move |event| {
                dragged.set(room_at(&event).map(|room| (room, store.favourites.get_untracked())));
            }
            on:dragover=over on:drop=dropped on:dragend=ended>
            {each(move || favourites.get(), ToString::to_string, |room| view! { <RoomItem room /> })}
        </ul>
    }
}

/// Rooms with something unread that stand nowhere else. None comes or goes while somebody points at the list, and the
/// open one stays where it is.
fn unread(store: Store, favourites: Memo<Vec<RoomAddress>>) -> RwSignal<Vec<RoomAddress>> {
    let shown = RwSignal::new(Vec::new());
    let now = use_moment().now;
    let wanted = Memo::new(move |_| {
        if !store.is_account() {
            return Vec::new();
        }
        let (open, before) = (store.open.get(), shown.get());
        let mut rooms = store.rooms.with(|rooms| rooms.keys().cloned().collect::<Vec<_>>());
        rooms.retain(|room| {
            !room.is_direct()
                && store.news_of(room).0 > 0
                && (open.as_ref() != Some(room) || before.contains(room))
                && !favourites.with(|favourites| favourites.contains(room))
        });
        rooms
    });
    let show = move || {
        let mut wanted = wanted.get();
        if shown.with_untracked(|shown| *shown == wanted) {
            return;
        }
        if document().query_selector(HELD).is_ok_and(|list| list.is_some()) {
            // It is looked at again a moment later.
            now.track();
            let may_stay = |room: &RoomAddress| {
                store.rooms.with_untracked(|rooms| rooms.contains_key(room))
                    && !favourites.with_untracked(|favourites| favourites.contains(room))
            };
            wanted = shown.get_untracked();
            wanted.retain(may_stay);
        }
        if shown.with_untracked(|shown| *shown != wanted) {
            shown.set(wanted);
        }
    };
    untrack(show);
    Effect::new(show);
    shown
}

/// The room in whose row something happens.
fn room_at(event: &DragEvent) -> Option<RoomAddress> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let row = element.closest("[data-room]").ok()??;
    RoomAddress::known(&row.get_attribute("data-room")?).ok()
}

/// Puts a room where another one is, which makes room for it.
fn put(rooms: &mut Vec<RoomAddress>, room: &RoomAddress, place: &RoomAddress) {
    let at = |rooms: &[RoomAddress], of: &RoomAddress| rooms.iter().position(|other| other == of);
    if let (Some(from), Some(to)) = (at(rooms, room), at(rooms, place)) {
        let moved = rooms.remove(from);
        rooms.insert(to, moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_favourite_takes_the_place_that_it_is_dragged_to() {
        let named = |names: &str| -> Vec<RoomAddress> {
            names.split(' ').map(|name| RoomAddress::new(name).unwrap()).collect()
        };
        for (room, place, order) in [("a", "c", "b c a"), ("c", "a", "c a b"), ("b", "x", "a b c")] {
            let mut rooms = named("a b c");
            put(&mut rooms, &named(room)[0], &named(place)[0]);
            assert_eq!(rooms, named(order), "{room} to {place}");
        }
    }
}
