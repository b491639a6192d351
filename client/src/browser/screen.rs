//! What kind of screen and keyboard the person has.

use leptos::prelude::{document, window};

/// The conversation and both lists fit beside each other from this width on, in CSS pixels; also in the styles.
const THREE_PANES: f64 = 1_100.0;

/// The list of rooms fits beside the conversation from this width on, in CSS pixels; also in the styles.
const TWO_PANES: f64 = 720.0;

/// Whether the list of rooms has a place of its own beside the conversation.
pub fn fits_two_panes() -> bool {
    is_as_wide_as(TWO_PANES)
}

/// Whether the list of members has a place of its own beside the conversation.
pub fn fits_three_panes() -> bool {
    is_as_wide_as(THREE_PANES)
}

fn is_as_wide_as(width: f64) -> bool {
    window().inner_width().ok().and_then(|inner| inner.as_f64()).is_some_and(|inner| inner >= width)
}

/// Whether the person types on glass: Enter breaks the line there, as everywhere on a telephone.
pub fn is_touch() -> bool {
    let query = window().match_media("(hover: none) and (pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Whether there is no room for a dialog beside something: a telephone, or a narrow window.
pub fn is_small() -> bool {
    let query = window().match_media("(hover: none) and (pointer: coarse), (width < 720px)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the page can be seen.
pub fn is_visible() -> bool {
    !document().hidden()
}

/// Whether the browser lets this page do what it allows encrypted addresses only.
pub fn is_secure() -> bool {
    window().is_secure_context()
}
