//! Keyboard shortcuts of the whole page.
//!
//! In a text field keys belong to that field; only the composer belongs to the room. While a dialog is open, keys belong
//! to it.

use leptos::ev;
use leptos::prelude::*;
use shared::RoomAddress;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use crate::browser::events::{is_command, on_window};
use crate::browser::screen;
use crate::core::Store;
use crate::features::help::dialog::HELP;
use crate::features::switcher::dialog::SWITCHER;
use crate::ui::composing::composing;
use crate::ui::focus;
use crate::ui::layers::Layers;
use crate::ui::pane;

/// Where F6 leads, in this order: for each part the elements that take the focus, the best first. What is not shown is
/// skipped.
const REGIONS: [&[&str]; 4] = [
    &["#rooms a[aria-current]", "#rooms a"],
    &[".timeline"],
    &["#composer"],
    &["#details button, #details a"],
];

/// Starts listening. Other handlers of a key call `preventDefault`.
pub fn watch(store: Store, layers: Layers) {
    on_window(ev::keydown, move |event| {
        if composing(&event) || event.default_prevented() {
            return;
        }
        let command = is_command(&event);
        let is_switch =
            command && !event.shift_key() && !event.alt_key() && event.key().eq_ignore_ascii_case("k");
        if layers.top().is_some_and(|top| top != pane::DRAWER) {
            // Not the browser's either.
            if is_switch {
                event.prevent_default();
            }
            return;
        }
        let is_used = match (event.key().as_str(), command, event.alt_key()) {
            _ if is_switch => {
                layers.open(SWITCHER);
                true
            }
            ("/", true, false) => {
                layers.open(HELP);
                true
            }
            ("ArrowUp", false, true) if !is_for_text(&event) => step(store, layers, event.shift_key(), false),
            ("ArrowDown", false, true) if !is_for_text(&event) => {
                step(store, layers, event.shift_key(), true)
            }
            ("F6", false, false) => to_region(event.shift_key()),
            ("Escape", false, false) if !is_in_field(&event) && !layers.is_any() => {
                if let Some(room) = store.open.get_untracked() {
                    store.mark_read(&room);
                }
                false
            }
            _ => false,
        };
        if is_used {
            event.prevent_default();
        }
    });
}

/// Whether arrows with Alt move in a text: in fields, and on a Mac also in the composer when there is a text.
fn is_for_text(event: &KeyboardEvent) -> bool {
    let text = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
    is_in_field(event) || screen::has_command_key() && text.is_some_and(|text| text.text_length() > 0)
}

/// Whether the key was pressed in a field other than the composer.
fn is_in_field(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.matches("input, select, textarea:not(#composer)").unwrap_or(false))
}

/// Opens the previous or next of the joined rooms, in the order of the list and around its ends; with `unread` the next
/// one that has something unread. Returns true if there is one.
fn step(store: Store, layers: Layers, unread: bool, forwards: bool) -> bool {
    let rooms = untrack(|| store.listed());
    let open = store.open.get_untracked();
    let here = rooms.iter().position(|room| Some(room) == open.as_ref());
    let count = rooms.len();
    let is_wanted = |room: &RoomAddress| !unread || untrack(|| store.news_of(room)).0 > 0;
    let from = here.unwrap_or(if forwards { count.wrapping_sub(1) } else { 0 });
    let next = (1..=count)
        .map(|step| if forwards { (from + step) % count } else { (from + count - step) % count })
        .find(|&at| Some(at) != here && is_wanted(&rooms[at]));
    if let Some(at) = next {
        layers.leave_for(store, rooms[at].clone());
    }
    next.is_some()
}

/// Moves focus to the next part of the page, or the previous one. What is hidden takes none.
fn to_region(backwards: bool) -> bool {
    let region = |element: &Element| element.closest("nav, [role=log], form.composer, aside").ok().flatten();
    let mut parts: Vec<HtmlElement> = REGIONS
        .iter()
        .filter_map(|region| {
            let first = |selector: &&str| document().query_selector(selector).ok().flatten();
            region.iter().find_map(first)?.dyn_into().ok()
        })
        .collect();
    if backwards {
        parts.reverse();
    }
    let here = document().active_element().and_then(|element| region(&element));
    let at = parts.iter().position(|part| here.is_some() && region(part) == here);
    parts.rotate_left(at.map_or(0, |at| at + 1));
    parts.iter().any(|part| {
        focus::give(part);
        document().active_element().as_ref() == Some(part.as_ref())
    })
}
