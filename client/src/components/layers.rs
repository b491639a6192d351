//! Layers above the conversation: at most one is open, and Back closes it first.

use leptos::ev;
use leptos::prelude::*;
use shared::{RoomAddress, Seq};
use web_sys::HtmlDialogElement;

use super::focus::{self, Focus};
use super::keys::composing;
use crate::browser::{location, screen};
use crate::state::Store;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The list of rooms, on a narrow screen.
    Rooms,
    /// The details pane (members, search and so on), on screens without space for it.
    Details,
    Settings,
    /// The actions on a message.
    Menu,
    /// The emoji picker.
    Emoji,
    /// The confirmation before a message is deleted.
    Delete,
    /// The edit history of a message.
    Versions,
    /// The confirmation before leaving.
    Parting,
}

impl Layer {
    /// A drawer covers the conversation; the other layers are native dialogs.
    const fn is_drawer(self) -> bool {
        matches!(self, Self::Rooms | Self::Details)
    }

    /// Small layers open and close often, so they get a history entry only on touch screens, where Back closes them.
    fn is_place(self) -> bool {
        self.is_drawer() || self == Self::Settings || screen::is_touch()
    }
}

/// The open layer, as a context.
#[derive(Clone, Copy)]
pub struct Layers {
    open: RwSignal<Option<Layer>>,
    back_to: StoredValue<Option<Focus>, LocalStorage>,
    /// Whether the page is navigating back to the entry below a closed layer.
    steps_back: StoredValue<bool>,
    /// The room that the user is asked to confirm leaving; `None` means all rooms.
    pub parting: RwSignal<Option<RoomAddress>>,
    room: RwSignal<Option<RoomAddress>>,
    spot: RwSignal<Option<Seq>>,
}

impl Layers {
    /// Creates the context without a layer, and closes drawers on Escape.
    pub fn provide(store: Store) -> Self {
        let layers = Self {
            open: RwSignal::new(None),
            back_to: StoredValue::new_local(None),
            steps_back: StoredValue::new(false),
            parting: RwSignal::default(),
            room: store.open,
            spot: store.spot,
        };
        // The page lives as long as the program, so the listener is never removed.
        std::mem::forget(window_event_listener(ev::keydown, move |event| {
            // The browser handles Escape for dialogs.
            let drawer = layers.open.get_untracked().is_some_and(Layer::is_drawer);
            if drawer && event.key() == "Escape" && !event.default_prevented() && !composing(&event) {
                event.prevent_default();
                layers.close();
            }
        }));
        provide_context(layers);
        layers
    }

    /// Whether this layer is open. Tracked.
    pub fn is(self, layer: Layer) -> bool {
        self.open.get() == Some(layer)
    }

    /// Whether this layer is open. Untracked.
    pub fn is_untracked(self, layer: Layer) -> bool {
        self.open.get_untracked() == Some(layer)
    }

    /// Whether any layer is open. Untracked.
    pub fn is_any(self) -> bool {
        self.open.with_untracked(Option::is_some)
    }

    /// Whether any layer is open. Tracked.
    pub fn has_any(self) -> bool {
        self.open.with(Option::is_some)
    }

    /// Whether a drawer covers the conversation.
    pub fn covers(self) -> bool {
        self.open.get().is_some_and(Layer::is_drawer)
    }

    pub fn open(self, layer: Layer) {
        if self.open.get_untracked().is_none() {
            // When one layer replaces another, focus still returns to where it was before the first.
            self.back_to.set_value(Some(Focus::now()));
        }
        if layer.is_place() && !location::is_layer() {
            location::push_layer();
        }
        self.show(layer);
    }

    /// Handles Back from the first room: on a narrow screen this history entry shows the list of rooms in its drawer.
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
            // The browser manages focus in its dialogs.
            _ => return,
        };
        request_animation_frame(move || focus::on(first));
    }

    /// Closes the layer, as its own close button does.
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

    /// Handles a change of the history entry. Returns true if it was caused only by closing a layer.
    pub fn has_stepped_back(self) -> bool {
        let closed = self.steps_back.get_value();
        self.steps_back.set_value(false);
        match self.open.get_untracked() {
            // A layer was opened meanwhile.
            Some(layer) if closed && layer.is_place() => location::push_layer(),
            Some(_) if !closed && !location::is_layer() => self.closed(),
            _ => {}
        }
        closed
    }

    /// Whether the page is navigating back from a layer, so that its address is not final.
    pub fn steps_back(self) -> bool {
        self.steps_back.get_value()
    }

    /// Handles the close event of a layer's dialog, e.g. after Escape. The browser fires it a moment later, when
    /// another layer may be open, or this one again.
    pub fn dialog_closed(self, layer: Layer, event: &ev::Event) {
        if self.is_untracked(layer) && !event_target::<HtmlDialogElement>(event).open() {
            self.close();
        }
    }

    /// Closes the layer and moves focus to what `selector` matches.
    pub fn close_to(self, selector: &'static str) {
        if self.open.get_untracked().is_some() {
            self.back_to.set_value(Some(Focus::Selector(selector)));
            self.close();
        } else {
            // Focus now, so that the next key goes there; an element about to be shown gets focus on the next frame.
            focus::on(selector);
            request_animation_frame(move || focus::on(selector));
        }
    }

    /// Closes the layer without navigating back.
    pub fn closed(self) {
        if self.open.get_untracked().is_none() {
            return;
        }
        self.open.set(None);
        if let Some(back_to) = self.back_to.try_update_value(Option::take).flatten() {
            // After the drawer is gone: only then can the elements it covered be focused.
            request_animation_frame(move || back_to.give());
        }
    }

    /// Switches to a room from a layer; Back then leads to the previous room.
    pub fn leave_for(self, store: Store, room: RoomAddress) {
        let layered = self.is_any() && (location::is_layer() || location::is_list());
        if layered && store.open.get_untracked().as_ref() == Some(&room) {
            self.close();
            return;
        }
        self.give_way(&room);
        store.open(room);
    }

    /// Closes the layer without navigating back, because the page goes to `room` at once.
    pub fn give_way(self, room: &RoomAddress) {
        if self.open.get_untracked().is_some() && location::is_layer() {
            location::replace(Some(&(room.clone(), None)));
        }
        self.back_to.set_value(None);
        self.open.set(None);
    }
}

/// Returns the layers from the context.
pub fn use_layers() -> Layers {
    expect_context()
}
