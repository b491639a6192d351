//! Reading a server frame never panics, and a known frame is serialised to what parses to the same frame.

use shared::{RoomEvent, ServerFrame};

/// # Panics
/// If the property does not hold for this input.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(frame) = serde_json::from_str::<ServerFrame>(text) else { return };
    if matches!(frame, ServerFrame::Unknown | ServerFrame::Event(RoomEvent::Unknown { .. })) {
        return;
    }
    let written = serde_json::to_string(&frame).expect("frames can be written");
    assert_eq!(serde_json::from_str::<ServerFrame>(&written).ok(), Some(frame), "{written}");
}
