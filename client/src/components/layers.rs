//! What may lie above the conversation: one layer at a time, and Back closes it first.

use leptos::ev;
use leptos::prelude::*;
use shared::RoomAddress;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::keys::composing;
use crate::browser::location;
use crate::state::Store;

/// A layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The list of rooms, on a narrow screen.
    Rooms,
    /// The list of members, where it has no place of its own.
    Members,
    /// The settings.
    Settings,
}

/// The layer that is open, as a context.
#[derive(Clone, Copy)]
pub struct Layers {
    open: RwSignal<Option<Layer>>,
    opener: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl Layers {
    /// Begins without a layer and closes it with Escape.
    pub fn provide() -> Self {
        let layers = Self { open: RwSignal::new(None), opener: StoredValue::new_local(None) };
        // The page lives as long as the program: the listener is never taken away.
        std::mem::forget(window_event_listener(ev::keydown, move |event| {
            // The dialog of the settings has its own Escape.
            let drawer = matches!(layers.open.get_untracked(), Some(Layer::Rooms | Layer::Members));
            if drawer && event.key() == "Escape" && !composing(&event) {
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

    /// Whether any layer is open.
    pub fn is_any(self) -> bool {
        self.open.get_untracked().is_some()
    }

    /// Whether a drawer covers the conversation.
    pub fn covers(self) -> bool {
        matches!(self.open.get(), Some(Layer::Rooms | Layer::Members))
    }

    /// Opens a layer.
    pub fn open(self, layer: Layer) {
        let active = document().active_element().and_then(|element| element.dyn_into().ok());
        self.opener.set_value(active);
        if self.open.get_untracked().is_none() {
            location::push_layer();
        }
        self.open.set(Some(layer));
        let first = match layer {
            Layer::Rooms => "#rooms .drawer-close",
            Layer::Members => "#members .icon-button",
            // The browser looks after its dialogs.
            Layer::Settings => return,
        };
        request_animation_frame(move || focus(first));
    }

    /// Closes the layer as its own button does.
    pub fn close(self) {
        if self.open.get_untracked().is_some() {
            self.closed();
            if location::is_layer() {
                location::back();
            }
        }
    }

    /// Closes the layer because its place in the history is gone.
    pub fn closed(self) {
        if self.open.get_untracked().is_none() {
            return;
        }
        self.open.set(None);
        if let Some(opener) = self.opener.try_update_value(Option::take).flatten() {
            // After the drawer: what it covered can have the focus again only then.
            request_animation_frame(move || {
                // An element that is gone or hidden, as in a closed drawer, takes no focus.
                let _ = opener.focus();
                if document().active_element().as_ref() != Some(opener.as_ref()) {
                    focus(".drawer-open");
                }
            });
        }
    }

    /// Turns to a room from a layer; Back then leads to the room before.
    pub fn leave_for(self, store: Store, room: RoomAddress) {
        let layered = self.open.get_untracked().is_some() && location::is_layer();
        if layered && store.open.get_untracked().as_ref() == Some(&room) {
            self.close();
            return;
        }
        if layered {
            location::replace(Some(&(room.clone(), None)));
        }
        self.opener.set_value(None);
        self.open.set(None);
        store.open(room);
    }
}

fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that is on the page takes the focus.
        let _ = element.focus();
    }
}

/// The layers, from the context.
pub fn use_layers() -> Layers {
    expect_context()
}
