//! What kind of screen and keyboard the user has.

use leptos::prelude::{document, window};

/// Width from which the conversation and both side panes fit side by side, in CSS pixels; also in the styles.
const THREE_PANES: f64 = 1_100.0;

/// Width from which the list of rooms fits beside the conversation, in CSS pixels; also in the styles.
const TWO_PANES: f64 = 720.0;

/// Whether the list of rooms has its own pane beside the conversation.
pub fn fits_two_panes() -> bool {
    is_as_wide_as(TWO_PANES)
}

/// Whether the list of members has its own pane beside the conversation.
pub fn fits_three_panes() -> bool {
    is_as_wide_as(THREE_PANES)
}

fn is_as_wide_as(width: f64) -> bool {
    window().inner_width().ok().and_then(|inner| inner.as_f64()).is_some_and(|inner| inner >= width)
}

/// Whether the primary input is a touch screen: Enter breaks the line there, as usual on phones.
pub fn is_touch() -> bool {
    let query = window().match_media("(hover: none) and (pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the user's keyboard has a command key.
pub fn has_command_key() -> bool {
    window()
        .navigator()
        .platform()
        .is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

/// What the key of shortcuts is called.
pub fn command_key() -> &'static str {
    if has_command_key() { "⌘" } else { "Ctrl" }
}

/// Whether dialogs cannot be placed beside an element: on a phone, or in a narrow window.
pub fn is_small() -> bool {
    let query = window().match_media("(hover: none) and (pointer: coarse), (width < 720px)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the page is visible.
pub fn is_visible() -> bool {
    !document().hidden()
}

/// Whether the page is a secure context: browsers offer some APIs only over HTTPS.
pub fn is_secure() -> bool {
    window().is_secure_context()
}
