//! Keyboard navigation between messages.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::ui::composing::composing;
use crate::ui::focus;

/// Handles a key on a message that has focus itself: Enter opens its menu.
pub fn pressed(event: &KeyboardEvent, menu: impl Fn()) {
    let on_itself = event.target().is_some() && event.target() == event.current_target();
    if !on_itself || composing(event) || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    if event.key() == "Enter" {
        event.prevent_default();
        menu();
    }
}

/// Handles arrow keys, Home and End on a message, or on the list around the messages: moves focus between messages.
pub fn moved(event: &KeyboardEvent) {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key());
    let is_message = element.matches("article").unwrap_or(false);
    let is_list = element.matches("[role=log]").unwrap_or(false);
    if composing(event) || !plain || !(is_message || is_list) {
        return;
    }
    let Ok(Some(list)) = element.closest("[role=log]") else { return };
    let Ok(messages) = list.query_selector_all("article") else { return };
    let count = messages.length();
    let message = |at: u32| messages.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let here = (0..count).find(|&at| message(at).is_some_and(|message| *message == element));
    let next = match (event.key().as_str(), here) {
        ("ArrowUp", Some(at)) => at.checked_sub(1),
        ("ArrowDown", Some(at)) => Some(at + 1),
        ("Home", Some(_)) => Some(0),
        ("End", Some(_)) => count.checked_sub(1),
        ("ArrowUp", None) => last_in_view(&list, count, &message),
        _ => return,
    };
    if let Some(message) = next.and_then(message) {
        event.prevent_default();
        focus::give(&message);
    }
}

/// Where navigation starts: the last visible message.
fn last_in_view(list: &Element, count: u32, message: &impl Fn(u32) -> Option<HtmlElement>) -> Option<u32> {
    let lower = list.get_bounding_client_rect().bottom();
    let seen =
        |at: &u32| message(*at).is_some_and(|message| message.get_bounding_client_rect().top() < lower);
    (0..count).rev().find(seen)
}
