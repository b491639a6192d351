//! Where the focus goes.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, Node};

/// Who gets the focus later.
#[derive(Clone)]
pub enum Focus {
    /// The element that had it.
    Element(Option<HtmlElement>),
    /// Whatever this finds then.
    Selector(&'static str),
}

impl Focus {
    /// The element that has it now.
    pub fn now() -> Self {
        Self::Element(document().active_element().and_then(|element| element.dyn_into().ok()))
    }

    /// Gives it back. An element that is gone or hidden, as in a closed drawer, takes no focus: then the box to write
    /// in does, or on a narrow screen the button of the rooms.
    pub fn give(self) {
        match self {
            Self::Element(Some(element)) => {
                give(&element);
                if document().active_element().as_ref() != Some(element.as_ref()) {
                    on(".drawer-open");
                    if is_lost() {
                        on("#composer");
                    }
                }
            }
            Self::Element(None) => {}
            Self::Selector(selector) => on(selector),
        }
    }
}

/// Gives the focus to the first visible element that `selector` finds.
pub fn on(selector: &str) {
    let Ok(found) = document().query_selector_all(selector) else { return };
    let elements = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok());
    if let Some(element) = elements.into_iter().find(|element| element.offset_width() > 0) {
        give(&element);
    }
}

/// Gives the focus to an element.
pub fn give(element: &HtmlElement) {
    // An element that cannot have it leaves it where it is.
    let _ = element.focus();
}

/// Whether the focus goes from one part of the element that listens to another.
pub fn stays(event: &FocusEvent) -> bool {
    let inside = event.current_target().and_then(|target| target.dyn_into::<Node>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    inside.zip(next).is_some_and(|(inside, next)| inside.contains(Some(&next)))
}

/// Whether nothing has the focus.
pub fn is_lost() -> bool {
    let active = document().active_element();
    active.is_none_or(|active| Some(active) == document().body().map(Into::into))
}
