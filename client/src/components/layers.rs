//! What may lie above the conversation: one layer at a time, and Back closes it first.

use leptos::ev;
use leptos::prelude::*;
use shared::{RoomAddress, Seq};
use web_sys::HtmlDialogElement;

use super::focus::{self, Focus};
use super::keys::composing;
use crate::browser::{location, screen};
use crate::state::Store;

/// A layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The list of rooms, on a narrow screen.
    Rooms,
    /// Members, search or whatever else the details show, where they have no place of their own.
    Details,
    /// The settings.
    Settings,
    /// What can be done with a message.
    Menu,
    /// The choice of an emoji.
    Emoji,
    /// Whether a message shall really be deleted.
    Delete,
    /// The texts that a message had.
    Versions,
    /// Whether a person shall really leave.
    Parting,
}

impl Layer {
    /// A drawer takes the place of the conversation; the other layers are dialogs of the browser.
    const fn is_drawer(self) -> bool {
        matches!(self, Self::Rooms | Self::Details)
    }

    /// Small ones open and close all the time: only on glass, where Back is the way out, they have a place in the
    /// history.
    fn is_place(self) -> bool {
        self.is_drawer() || self == Self::Settings || screen::is_touch()
    }
}

/// The layer that is open, as a context.
#[derive(Clone, Copy)]
pub struct Layers {
    open: RwSignal<Option<Layer>>,
    back_to: StoredValue<Option<Focus>, LocalStorage>,
    /// Whether the page is on its way back to the place below a layer that was closed.
    steps_back: StoredValue<bool>,
    /// The room that a person is asked whether to leave; none: all of them.
    pub parting: RwSignal<Option<RoomAddress>>,
    room: RwSignal<Option<RoomAddress>>,
    spot: RwSignal<Option<Seq>>,
}

impl Layers {
    /// Begins without a layer and closes it with Escape.
    pub fn provide(store: Store) -> Self {
        let layers = Self {
            open: RwSignal::new(None),
            back_to: StoredValue::new_local(None),
            steps_back: StoredValue::new(false),
            parting: RwSignal::default(),
            room: store.open,
            spot: store.spot,
        };
        // The page lives as long as the program: the listener is never taken away.
        std::mem::forget(window_event_listener(ev::keydown, move |event| {
            // Dialogs have the browser's Escape.
            let drawer = layers.open.get_untracked().is_some_and(Layer::is_drawer);
            if drawer && event.key() == "Escape" && !event.default_prevented() && !composing(&event) {
                event.prevent_default();
                layers.close();
            }
        }));
        provide_context(layers);
        layers
    }

    /// Whether this layer is open.
    pub fn is(self, layer: Layer) -> bool {
        self.open.get() == Some(layer)
    }

    /// Whether this layer is open, at this moment.
    pub fn is_untracked(self, layer: Layer) -> bool {
        self.open.get_untracked() == Some(layer)
    }

    /// Whether any layer is open, at this moment.
    pub fn is_any(self) -> bool {
        self.open.with_untracked(Option::is_some)
    }

    /// Whether any layer is open; its reader is woken when that changes.
    pub fn has_any(self) -> bool {
        self.open.with(Option::is_some)
    }

    /// Whether a drawer covers the conversation.
    pub fn covers(self) -> bool {
        self.open.get().is_some_and(Layer::is_drawer)
    }

    /// Opens a layer.
    pub fn open(self, layer: Layer) {
        if self.open.get_untracked().is_none() {
            // From one layer to the next: the way back stays that of the first.
            self.back_to.set_value(Some(Focus::now()));
        }
        if layer.is_place() && !location::is_layer() {
            location::push_layer();
        }
        self.show(layer);
    }

    /// Back from the first room: a narrow screen has the list of rooms in a drawer, whose place this is.
    pub fn show_list(self) {
        if !screen::fits_two_panes() && !self.is_any() {
            self.back_to.set_value(Some(Focus::Selector(".drawer-open")));
            self.show(Layer::Rooms);
        }
    }

    fn show(self, layer: Layer) {
        self.open.set(Some(layer));
        let first = match layer {
            Layer::Rooms => "#rooms .drawer-close",
            Layer::Details => "#details .pane-close",
            // The browser looks after its dialogs.
            _ => return,
        };
        request_animation_frame(move || focus::on(first));
    }

    /// Closes the layer as its own button does.
    pub fn close(self) {
        if self.open.get_untracked().is_some() {
            self.closed();
            if location::is_layer() {
                self.steps_back.set_value(true);
                location::back();
            } else if location::is_list() {
                self.room.with_untracked(|room| {
                    if let Some(room) = room {
                        location::push(&(room.clone(), self.spot.get_untracked()));
                    }
                });
            }
        }
    }

    /// The page is at another entry of its history. True: only because a layer was closed.
    pub fn has_stepped_back(self) -> bool {
        let closed = self.steps_back.get_value();
        self.steps_back.set_value(false);
        match self.open.get_untracked() {
            // Opened meanwhile.
            Some(layer) if closed && layer.is_place() => location::push_layer(),
            Some(_) if !closed && !location::is_layer() => self.closed(),
            _ => {}
        }
        closed
    }

    /// Whether the page is on its way back from a layer: its address is not the one that it will have.
    pub fn steps_back(self) -> bool {
        self.steps_back.get_value()
    }

    /// The browser has closed the dialog of a layer, with Escape for example. It tells so a moment later: another layer
    /// may be open by then, or this one again.
    pub fn dialog_closed(self, layer: Layer, event: &ev::Event) {
        if self.is_untracked(layer) && !event_target::<HtmlDialogElement>(event).open() {
            self.close();
        }
    }

    /// Closes the layer, and what `selector` finds gets the focus.
    pub fn close_to(self, selector: &'static str) {
        if self.open.get_untracked().is_some() {
            self.back_to.set_value(Some(Focus::Selector(selector)));
            self.close();
        } else {
            // At once, so that what is typed next goes there; what is about to be shown has it with the next frame.
            focus::on(selector);
            request_animation_frame(move || focus::on(selector));
        }
    }

    /// Closes the layer without a step back.
    pub fn closed(self) {
        if self.open.get_untracked().is_none() {
            return;
        }
        self.open.set(None);
        if let Some(back_to) = self.back_to.try_update_value(Option::take).flatten() {
            // After the drawer: what it covered can have the focus again only then.
            request_animation_frame(move || back_to.give());
        }
    }

    /// Turns to a room from a layer; Back then leads to the room before.
    pub fn leave_for(self, store: Store, room: RoomAddress) {
        let layered = self.is_any() && (location::is_layer() || location::is_list());
        if layered && store.open.get_untracked().as_ref() == Some(&room) {
            self.close();
            return;
        }
        self.give_way(&room);
        store.open(room);
    }

    /// Closes the layer without a step back: the page goes to `room` at once.
    pub fn give_way(self, room: &RoomAddress) {
        if self.open.get_untracked().is_some() && location::is_layer() {
            location::replace(Some(&(room.clone(), None)));
        }
        self.back_to.set_value(None);
        self.open.set(None);
    }
}

/// The layers, from the context.
pub fn use_layers() -> Layers {
    expect_context()
}
