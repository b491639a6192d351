//! Layers above the conversation: at most one is open, and Back closes it first.

use leptos::ev;
use leptos::prelude::*;
use shared::{RoomAddress, Seq};
use web_sys::HtmlDialogElement;

use super::composing::composing;
use super::focus::{self, Focus};
use crate::browser::events::on_window;
use crate::browser::{location, screen};
use crate::core::Store;

/// A layer, described by the part of the page that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Layer {
    /// Tells layers apart; a dialog's name in the styles and in the browser tests.
    name: &'static str,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Covers the conversation. The selector is that of the element that gets focus.
    Drawer(&'static str),
    /// A native dialog, in which the browser manages focus.
    Dialog,
    /// A dialog that Back closes on every screen.
    Page,
}

impl Layer {
    /// A drawer; `first` is the selector of the element that gets focus when it opens.
    pub const fn drawer(name: &'static str, first: &'static str) -> Self {
        Self { name, shape: Shape::Drawer(first) }
    }

    /// A small dialog. It opens and closes often, so it gets a history entry only on touch screens, where Back closes it.
    pub const fn dialog(name: &'static str) -> Self {
        Self { name, shape: Shape::Dialog }
    }

    /// A large dialog, with a history entry.
    pub const fn page(name: &'static str) -> Self {
        Self { name, shape: Shape::Page }
    }

    pub const fn name(self) -> &'static str {
        self.name
    }

    const fn is_drawer(self) -> bool {
        matches!(self.shape, Shape::Drawer(_))
    }

    /// Whether it has a history entry.
    fn is_place(self) -> bool {
        !matches!(self.shape, Shape::Dialog) || screen::is_touch()
    }
}

impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The open layer, as a context.
#[derive(Clone, Copy)]
pub struct Layers {
    open: RwSignal<Option<Layer>>,
    back_to: StoredValue<Option<Focus>, LocalStorage>,
    /// Whether the page is navigating back to the entry below a closed layer.
    steps_back: StoredValue<bool>,
    /// The drawer that the first history entry shows on a narrow screen.
    list: Layer,
    room: RwSignal<Option<RoomAddress>>,
    spot: RwSignal<Option<Seq>>,
}

impl Layers {
    /// Creates the context without a layer, and closes drawers on Escape. `list` is the drawer with the list of rooms.
    pub fn provide(store: Store, list: Layer) -> Self {
        let layers = Self {
            open: RwSignal::new(None),
            back_to: StoredValue::new_local(None),
            steps_back: StoredValue::new(false),
            list,
            room: store.open,
            spot: store.spot,
        };
        on_window(ev::keydown, move |event| {
            // The browser handles Escape for dialogs.
            let drawer = layers.open.get_untracked().is_some_and(Layer::is_drawer);
            if drawer && event.key() == "Escape" && !event.default_prevented() && !composing(&event) {
                event.prevent_default();
                layers.close();
            }
        });
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
            self.show(self.list);
        }
    }

    fn show(self, layer: Layer) {
        self.open.set(Some(layer));
        if let Shape::Drawer(first) = layer.shape {
            request_animation_frame(move || focus::on(first));
        }
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
