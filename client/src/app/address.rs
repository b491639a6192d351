//! Keeps the address and the title in sync with the open room, and the open room in sync with Back and Forward.

use leptos::ev;
use leptos::prelude::*;

use crate::browser::events::on_window;
use crate::browser::location::{self, Place, Spot};
use crate::core::Store;
use crate::core::room::Room;
use crate::features::threads::panel::PANEL as THREAD;
use crate::ui::layers::Layers;
use crate::ui::pane::Pane;

/// Goes to where the address leads, e.g. an invitation.
pub fn arrive(store: Store) {
    match location::place() {
        Some((room, Some(Spot::Message(seq)))) => store.go(room, Some(seq)),
        Some((room, _)) => store.go(room, None),
        None => {}
    }
}

/// Synchronizes the address with the open room, and with the message or the thread in it.
pub fn follow(store: Store, layers: Layers, pane: Pane) {
    let awaited = location::place();
    let waits_for_thread = matches!(awaited, Some((_, Some(Spot::Thread(_))))) && !location::is_new();
    Effect::new(move |begun: Option<()>| {
        let here = here(store, pane);
        // After a reload the address of a thread is right already.
        if begun.is_some() || !waits_for_thread {
            write(layers, here.as_ref());
        }
    });
    // The thread of the first address is shown when its room is there.
    Effect::new(move |shown: Option<bool>| {
        let Some((room, Some(Spot::Thread(seq)))) = &awaited else { return true };
        let is_there = store.room(room).is_some_and(|room| room.with(Room::is_loaded));
        if shown != Some(true) && is_there && store.open.get_untracked().as_ref() == Some(room) {
            pane.return_to(THREAD.about(*seq));
        }
        shown == Some(true) || is_there
    });
    on_window(ev::popstate, move |_| {
        let closed = layers.has_stepped_back();
        if location::is_list() {
            layers.show_list();
        } else if closed {
            // The open room may have changed while the layer was open.
            write(layers, untrack(|| here(store, pane)).as_ref());
        } else if let Some(place) = location::place() {
            go_again(store, pane, place);
        }
    });
}

/// Handles an address that is reached again, by Back or Forward.
fn go_again(store: Store, pane: Pane, (room, spot): Place) {
    match spot {
        Some(Spot::Thread(seq)) => {
            if store.open.get_untracked().as_ref() != Some(&room) {
                store.open(room);
            }
            // A panel about a message closes when another room opens.
            request_animation_frame(move || pane.return_to(THREAD.about(seq)));
        }
        Some(Spot::Message(seq)) => store.go_again(room, Some(seq)),
        None => store.go_again(room, None),
    }
    if !matches!(spot, Some(Spot::Thread(_))) {
        pane.end_about();
    }
}

fn here(store: Store, pane: Pane) -> Option<Place> {
    let spot = store.spot.get().map(Spot::Message);
    let spot = pane.about().map(Spot::Thread).or(spot);
    store.open.get().map(|room| (room, spot))
}

/// Makes the address match `here`.
fn write(layers: Layers, here: Option<&Place>) {
    let shown = location::place();
    if layers.steps_back() {
        return;
    }
    let is_thread = |spot: &Option<Spot>| matches!(spot, Some(Spot::Thread(_)));
    match (here, &shown) {
        (Some(here), _) if location::is_new() => location::push_first(here),
        _ if here == shown.as_ref() => {}
        // The thread is in a drawer, which has its own entry.
        (Some(here), Some(before)) if here.0 == before.0 && location::layers() > 0 && layers.is_any() => {
            location::rename(here);
        }
        // Only the message was dropped from the address, or the thread closed: not worth a history entry.
        (Some((room, spot)), Some((before, was)))
            if room == before && (spot.is_none() || is_thread(was) && !is_thread(spot)) =>
        {
            location::replace(here);
        }
        (Some(here), Some(_)) if location::layers() == 0 => location::push(here),
        (Some(here), None) if location::is_list() => location::push(here),
        _ => location::replace(here),
    }
}

/// Synchronizes the title with the open room and the number of unread messages that are news.
pub fn title(store: Store) {
    let title = Memo::new(move |_| {
        let room = store.open.get().map(|room| format!("{room} · ")).unwrap_or_default();
        match store.all_news() {
            0 => format!("{room}Hiroba"),
            unread if unread > 99 => format!("(99+) {room}Hiroba"),
            unread => format!("({unread}) {room}Hiroba"),
        }
    });
    Effect::new(move || document().set_title(&title.get()));
}
