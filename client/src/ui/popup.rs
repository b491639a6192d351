//! A small dialog beside the element that opened it; on touch screens a sheet at the lower edge.

use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use super::focus;
use super::layers::{Layer, use_layers};
use super::show::Show;
use crate::browser::events::on_window;
use crate::browser::screen;
use crate::i18n::{Text, t};

/// Minimum space between a dialog and the edges of the window, in CSS pixels.
const MARGIN: f64 = 8.0;

/// Styles of a dialog with a question or a text, for `styles::adopt`.
pub const QUESTION_STYLES: &str = include_str!("question.css");

/// Styles of a list of proposals, for `styles::adopt`.
pub const PROPOSAL_STYLES: &str = include_str!("proposals.css");

/// The element that a dialog is placed beside, in CSS pixels of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    top: f64,
    bottom: f64,
    right: f64,
}

impl Anchor {
    /// Measures an element.
    pub fn of(element: &Element) -> Self {
        let place = element.get_bounding_client_rect();
        Self { top: place.top(), bottom: place.bottom(), right: place.right() }
    }
}

/// A modal dialog. Its content exists while it is open.
#[component]
pub fn Popup(
    layer: Layer,
    /// The accessible name.
    label: &'static Text,
    /// Where it is placed; without an anchor in the middle of the window.
    #[prop(into, optional)]
    anchor: Signal<Option<Anchor>>,
    children: ChildrenFn,
) -> impl IntoView {
    let layers = use_layers();
    let name = layer.name();
    let dialog = NodeRef::<Dialog>::new();
    let is_open = Memo::new(move |_| layers.is(layer));
    let is_sheet = RwSignal::new(false);
    Effect::new(move || {
        let open = is_open.get();
        let Some(dialog) = dialog.get() else { return };
        if dialog.open() == open {
            return;
        }
        if open {
            let anchor = anchor.get_untracked();
            is_sheet.set(anchor.is_some() && screen::is_small());
            // The dialog is in the document and closed, so showing it does not fail.
            let _ = dialog.show_modal();
            if let (Some(anchor), false) = (anchor, is_sheet.get_untracked()) {
                place(&dialog, anchor);
            } else {
                let style = HtmlElement::style(&dialog);
                let _ = style.remove_property("top");
                let _ = style.remove_property("left");
            }
        } else {
            dialog.close();
        }
    });
    // What it contains may come after it has opened (`ui/later`), and a window may be resized.
    on_window(ev::resize, move |_| {
        let Some(dialog) = dialog.get_untracked().filter(HtmlDialogElement::open) else { return };
        if let (Some(anchor), false) = (anchor.get_untracked(), is_sheet.get_untracked()) {
            place(&dialog, anchor);
        }
        if document().active_element().as_ref() == Some(dialog.as_ref()) {
            focus::on("dialog[open] [autofocus]");
        }
    });
    let beside = move |event: web_sys::MouseEvent| {
        // Only a click outside the content has the dialog itself as its target.
        if event.target() == event.current_target() {
            layers.close();
        }
    };
    view! {
        <dialog class=format!("popup {name}") class:sheet=is_sheet class:anchored=move || anchor.with(Option::is_some)
            node_ref=dialog data-testid=name aria-label=t(label) on:close=move |event| layers.dialog_closed(layer, &event) on:click=beside>
            <Show when=move || is_open.get()>
                <div class="popup-content">{children()}</div>
            </Show>
        </dialog>
    }
}

/// Below the anchor, or above if it does not fit below and there is more space above; right edges aligned.
fn place(dialog: &HtmlDialogElement, anchor: Anchor) {
    let style = HtmlElement::style(dialog);
    // What was set before would limit its width.
    let _ = style.remove_property("left");
    let size = dialog.get_bounding_client_rect();
    let length = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64());
    let width = length(window().inner_width()).unwrap_or_default();
    let height = length(window().inner_height()).unwrap_or_default();
    let fits_below = anchor.bottom + size.height() + MARGIN <= height;
    let top = if fits_below || anchor.top < height - anchor.bottom {
        anchor.bottom + 4.0
    } else {
        anchor.top - size.height() - 4.0
    };
    let within = |at: f64, space: f64, size: f64| at.min(space - size - MARGIN).max(MARGIN) as i32;
    let top = within(top, height, size.height());
    let left = within(anchor.right - size.width(), width, size.width());
    // Property by property: the content security policy blocks the `style` attribute.
    let _ = style.set_property("top", &format!("{top}px"));
    let _ = style.set_property("left", &format!("{left}px"));
}
