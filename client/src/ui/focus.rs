//! Moving keyboard focus.

use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, FocusEvent, FocusOptions, HtmlElement, Node, ScrollIntoViewOptions, ScrollLogicalPosition,
};

/// Scrolls the element with this id into view, as far as needed.
pub fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Where focus goes later.
#[derive(Clone)]
pub enum Focus {
    /// The element that had it.
    Element(Option<HtmlElement>),
    /// The first element that matches then.
    Selector(&'static str),
}

impl Focus {
    /// Remembers the focused element.
    pub fn now() -> Self {
        Self::Element(document().active_element().and_then(|element| element.dyn_into().ok()))
    }

    /// Restores focus. An element that is removed or hidden, as in a closed drawer, cannot be focused: then focus goes
    /// to the composer, or on a narrow screen to the button that opens the rooms.
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

/// Focuses the first visible element that matches `selector`.
pub fn on(selector: &str) {
    let Ok(found) = document().query_selector_all(selector) else { return };
    let elements = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok());
    if let Some(element) = elements.into_iter().find(|element| element.offset_width() > 0) {
        give(&element);
    }
}

/// Focuses on the next frame what matches `selector` and is shown by then, unless the user has moved on meanwhile.
pub fn soon(selector: &'static str) {
    unless_moved(move || on(selector));
}

/// Runs `give` on the next frame, unless the focus is somewhere else than now by then.
pub fn unless_moved(give: impl FnOnce() + 'static) {
    let had = document().active_element();
    request_animation_frame(move || {
        if is_lost() || document().active_element() == had {
            give();
        }
    });
}

/// Focuses an element.
pub fn give(element: &HtmlElement) {
    // If the element is not focusable, focus stays where it is.
    let _ = element.focus();
}

/// Focuses an element that had the focus; the view stays where it is.
pub fn again(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // If the element is not focusable any more, nothing has focus.
        let _ = element.focus_with_options(&options);
    }
}

/// Whether focus moves between two descendants of the listening element.
pub fn stays(event: &FocusEvent) -> bool {
    let inside = event.current_target().and_then(|target| target.dyn_into::<Node>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    inside.zip(next).is_some_and(|(inside, next)| inside.contains(Some(&next)))
}

/// Whether something within an element that matches `selector` has focus.
pub fn is_within(selector: &str) -> bool {
    let active = document().active_element();
    active.is_some_and(|active| active.closest(selector).is_ok_and(|found| found.is_some()))
}

/// Whether nothing has focus.
pub fn is_lost() -> bool {
    let active = document().active_element();
    active.is_none_or(|active| Some(active) == document().body().map(Into::into))
}
