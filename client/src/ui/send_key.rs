//! Which key sends what was written. On touch screens Enter breaks the line; elsewhere that is a choice.

use web_sys::KeyboardEvent;

use crate::browser::events::is_command;
use crate::browser::{choice, screen};

/// Whether a key press sends the text: Enter, or by choice and on touch screens only Enter with Ctrl or ⌘.
pub fn sends(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && (is_command(event) || !needs_command())
}

/// Whether Enter alone breaks the line.
pub fn needs_command() -> bool {
    screen::is_touch() || choice::chosen("send").as_deref() == Some("command")
}
