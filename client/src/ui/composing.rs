//! Key events during input method composition.

use web_sys::KeyboardEvent;

/// The key code that browsers report for keys consumed by an input method.
const TAKEN: u32 = 229;

/// Whether this key belongs to the input method: the Enter that confirms a conversion, or the Escape and arrow keys
/// that act on it. Every key handler checks this first. Safari ends the composition before it reports the Enter; there
/// only the key code identifies it.
pub fn composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == TAKEN || event.key() == "Process"
}
