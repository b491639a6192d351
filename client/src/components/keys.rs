//! The one rule about keys while an input method composes text.

use web_sys::KeyboardEvent;

/// The code that browsers give keys which an input method has taken.
const TAKEN: u32 = 229;

/// Whether this key belongs to the input method: the Enter that confirms a conversion, Escape and the arrows
/// that work on it. Every handler of keys asks this first. Safari ends the composition before it reports its
/// Enter; there the code tells.
pub fn composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == TAKEN || event.key() == "Process"
}
