//! Keyboard shortcuts of the whole page.
//!
//! In a text field keys belong to that field; only the composer belongs to the room. While a dialog is open, keys belong
//! to it.

use leptos::ev;
use leptos::prelude::*;
use shared::RoomAddress;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::browser::events::on_window;
use crate::core::Store;
use crate::features::help::dialog::HELP;
use crate::features::switcher::dialog::SWITCHER;
use crate::ui::composing::composing;
use crate::ui::focus;
use crate::ui::layers::Layers;
use crate::ui::pane;

/// Where F6 leads, in this order; what is not shown is skipped.
const REGIONS: [&str; 4] =
    ["#rooms a[aria-current], #rooms a", ".timeline", "#composer", "#details button, #details a"];

/// Starts listening. Other handlers of a key call `preventDefault`.
pub fn watch(store: Store, layers: Layers) {
    on_window(ev::keydown, move |event| {
        let covered = layers.top().is_some_and(|top| top != pane::DRAWER);
        if composing(&event) || event.default_prevented() || covered {
            return;
        }
        let commands = event.ctrl_key() || event.meta_key();
        let is_used = match (event.key().as_str(), commands, event.alt_key()) {
            ("k" | "K", true, false) if !event.shift_key() => {
                layers.open(SWITCHER);
                true
            }
            ("/", true, false) => {
                layers.open(HELP);
                true
            }
            ("ArrowUp", false, true) if !is_in_field(&event) => step(store, event.shift_key(), false),
            ("ArrowDown", false, true) if !is_in_field(&event) => step(store, event.shift_key(), true),
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

/// Whether the key was pressed in a field other than the composer.
fn is_in_field(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.matches("input, select, textarea:not(#composer)").unwrap_or(false))
}

/// Opens the previous or next of the joined rooms, in the order of the list and around its ends; with `unread` the next
/// one that has something unread. Returns true if there is one.
fn step(store: Store, unread: bool, forwards: bool) -> bool {
    let rooms: Vec<RoomAddress> = store.rooms.with_untracked(|rooms| rooms.keys().cloned().collect());
    let open = store.open.get_untracked();
    let here = rooms.iter().position(|room| Some(room) == open.as_ref());
    let count = rooms.len();
    let is_wanted = |room: &RoomAddress| {
        let room = untrack(|| store.room(room));
        !unread || room.is_some_and(|room| room.with_untracked(|room| room.unread().messages() > 0))
    };
    let from = here.unwrap_or(if forwards { count.wrapping_sub(1) } else { 0 });
    let next = (1..=count)
        .map(|step| if forwards { (from + step) % count } else { (from + count - step) % count })
        .find(|&at| Some(at) != here && is_wanted(&rooms[at]));
    if let Some(at) = next {
        store.open(rooms[at].clone());
    }
    next.is_some()
}

/// Moves focus to the next part of the page, or the previous one. What is hidden takes none.
fn to_region(backwards: bool) -> bool {
    let region = |element: &Element| element.closest("nav, [role=log], form.composer, aside").ok().flatten();
    let mut parts: Vec<HtmlElement> = REGIONS
        .iter()
        .filter_map(|region| document().query_selector(region).ok().flatten()?.dyn_into().ok())
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
