//! Keeps the address in sync with the open room and with the message or the thread in it, and these with Back and Forward.

use leptos::ev;
use leptos::prelude::*;
use shared::{RoomAddress, Seq};

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

/// Synchronizes the address.
pub fn follow(store: Store, layers: Layers, pane: Pane) {
    let address = Address {
        store,
        layers,
        pane,
        awaited: RwSignal::new(location::place().and_then(thread)),
        below: StoredValue::new(None),
        goes_back: StoredValue::new(false),
    };
    Effect::new(move || address.write());
    Effect::new(move || address.show_awaited());
    on_window(ev::popstate, move |_| address.reached());
}

/// The room and the message that a thread is about.
type Thread = (RoomAddress, Seq);

fn thread((room, spot): Place) -> Option<Thread> {
    match spot {
        Some(Spot::Thread(seq)) => Some((room, seq)),
        Some(Spot::Message(_)) | None => None,
    }
}

#[derive(Clone, Copy)]
struct Address {
    store: Store,
    layers: Layers,
    pane: Pane,
    /// The thread that the address names, until its room is there.
    awaited: RwSignal<Option<Thread>>,
    /// The place of the entry below that of the thread that was opened last.
    below: StoredValue<Option<Place>>,
    /// Whether the page navigates back because a thread was closed.
    goes_back: StoredValue<bool>,
}

impl Address {
    /// What is on screen. Tracked.
    fn here(self) -> Option<Place> {
        let open = self.store.open.get();
        let message = self.store.spot.get().map(Spot::Message);
        let about = self.pane.about().filter(|(room, _)| Some(room) == open.as_ref());
        let spot = about.map(|(_, seq)| Spot::Thread(seq)).or(message);
        open.map(|room| (room, spot))
    }

    /// Makes the address match what is on screen. Tracked.
    fn write(self) {
        let here = self.here();
        let shown = location::place();
        if self.layers.steps_back() || self.goes_back.get_value() {
            return;
        }
        if let Some(here) = here.as_ref().filter(|_| location::is_new()) {
            location::push_first(here);
            return;
        }
        let is_awaited =
            shown.clone().and_then(thread).is_some_and(|thread| self.awaited.get() == Some(thread));
        if here == shown || is_awaited {
            return;
        }
        match (&here, &shown) {
            (Some(here), Some(before)) if here.0 == before.0 => self.write_within(here, before),
            (Some(here), Some(_)) if location::layers() == 0 => location::push(here),
            (Some(here), None) if location::is_list() => location::push(here),
            _ => location::replace(here.as_ref()),
        }
    }

    /// Writes another place in the same room.
    fn write_within(self, here: &Place, before: &Place) {
        let is_thread = |place: &Place| matches!(place.1, Some(Spot::Thread(_)));
        match (is_thread(before), is_thread(here)) {
            // The thread is in a drawer, which has its own entry.
            _ if location::layers() > 0 && self.layers.is_any() => location::rename(here),
            (true, true) => location::rename(here),
            (true, false) if location::is_above() && self.below.get_value().as_ref() == Some(here) => {
                self.goes_back.set_value(true);
                location::back_by(1);
            }
            (false, true) if location::layers() == 0 => {
                self.below.set_value(Some(before.clone()));
                location::push_above(here);
            }
            // Only the message was dropped from the address, or the thread closed: not worth a history entry.
            (true, false) => location::replace(Some(here)),
            _ if here.1.is_none() => location::replace(Some(here)),
            _ if location::layers() == 0 => location::push(here),
            _ => location::replace(Some(here)),
        }
    }

    /// Shows the thread of an address when its room is there. Tracked.
    fn show_awaited(self) {
        let Some((room, seq)) = self.awaited.get() else { return };
        if self.store.open.with(|open| open.as_ref() != Some(&room)) {
            self.awaited.set(None);
        } else if self.store.room(&room).is_some_and(|room| room.with(Room::is_loaded)) {
            self.awaited.set(None);
            untrack(|| self.pane.return_to(THREAD.about(seq)));
        }
    }

    /// Handles Back and Forward.
    fn reached(self) {
        let closed = self.layers.has_stepped_back();
        if self.goes_back.get_value() {
            self.goes_back.set_value(false);
            untrack(|| self.write());
        } else if location::is_list() {
            self.layers.show_list();
        } else if closed || self.layers.is_any() {
            // What is on screen may have changed while the layer was open.
            untrack(|| self.write());
        } else if let Some(place) = location::place() {
            self.go_again(place);
        }
    }

    /// Goes to an address that is reached again.
    fn go_again(self, (room, spot): Place) {
        match spot {
            Some(Spot::Thread(seq)) => {
                if self.store.open.with_untracked(|open| open.as_ref() != Some(&room)) {
                    self.store.open(room.clone());
                }
                let is_shown = self.pane.is_about(&room, seq);
                self.awaited.set((!is_shown).then_some((room, seq)));
            }
            Some(Spot::Message(seq)) => self.leave_thread(room, Some(seq)),
            None => self.leave_thread(room, None),
        }
    }

    fn leave_thread(self, room: RoomAddress, seq: Option<Seq>) {
        self.awaited.set(None);
        self.pane.end_about();
        self.store.go_again(room, seq);
    }
}
