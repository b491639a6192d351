//! Events of the window, for as long as somebody listens, and of mouse and keyboard.

use leptos::ev::EventDescriptor;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent};

use super::screen;

/// Listens until the current owner is cleaned up.
pub fn on_window<E>(event: E, handler: impl Fn(E::EventType) + 'static)
where
    E: EventDescriptor + 'static,
    E::EventType: JsCast,
{
    let listener = window_event_listener(event, handler);
    on_cleanup(move || listener.remove());
}

/// The element that a handler is on; the target may be a part of it, as the icon of a button.
pub fn own_element(event: &MouseEvent) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

/// Fires the event of a window that was resized.
pub fn resized() {
    if let Ok(event) = web_sys::Event::new("resize") {
        // It is not cancelled: nobody prevents its default.
        let _ = window().dispatch_event(&event);
    }
}

/// Whether the browser opens what a link leads to in another tab or window, or saves it.
pub fn opens_elsewhere(event: &MouseEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()
}

/// Whether the key of shortcuts is held: ⌘ on a Mac, where Ctrl edits texts, else Ctrl.
pub fn is_command(event: &KeyboardEvent) -> bool {
    if screen::has_command_key() { event.meta_key() } else { event.ctrl_key() }
}
