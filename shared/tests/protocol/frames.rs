//! Frames from the server.

use proptest::prelude::*;
use serde_json::json;
use shared::{RoomEvent, ServerFrame, Timestamp};

use crate::strategies::{json as any_json, server_frame, timestamp, with_unknown_fields};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_frame_round_trips(frame in server_frame()) {
        let text = serde_json::to_string(&frame)?;
        prop_assert_eq!(serde_json::from_str::<ServerFrame>(&text)?, frame);
    }

    #[test]
    fn unknown_fields_are_ignored(frame in server_frame(), extra in any_json()) {
        let value = with_unknown_fields(serde_json::to_value(&frame)?, &extra);
        prop_assert_eq!(serde_json::from_str::<ServerFrame>(&value.to_string())?, frame);
    }

    #[test]
    fn frames_of_the_future_are_unknown(kind in "[a-z_]{1,12}", extra in any_json()) {
        let frame = json!({"type": format!("x_{kind}"), "room": 5, "extra": extra});
        prop_assert_eq!(serde_json::from_str::<ServerFrame>(&frame.to_string())?, ServerFrame::Unknown);
    }

    #[test]
    fn reading_never_panics(text in any::<String>(), value in any_json()) {
        let _ = serde_json::from_str::<ServerFrame>(&text);
        let _ = serde_json::from_str::<ServerFrame>(&value.to_string());
    }

    #[test]
    fn timestamps_are_rfc_3339_in_utc_with_milliseconds(time in timestamp()) {
        let text = time.to_string();
        prop_assert_eq!(text.len(), "2026-11-23T04:05:06.789Z".len());
        for (place, mark) in [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':'), (19, '.'), (23, 'Z')] {
            prop_assert_eq!(text.chars().nth(place), Some(mark));
        }
        prop_assert_eq!(serde_json::from_value::<Timestamp>(text.into())?, time);
    }
}

#[test]
fn nesting_beyond_any_sense_is_an_error_and_no_crash() {
    let deep = format!("{}1{}", "[".repeat(60_000), "]".repeat(60_000));
    let event = format!(r#"{{"type":"events","room":"a","epoch":1,"more":false,"events":{deep}}}"#);
    assert!(serde_json::from_str::<ServerFrame>(&event).is_err());
    assert!(serde_json::from_str::<ServerFrame>(&deep).is_err());
}

#[test]
fn a_message_without_its_place_is_an_error_and_not_unknown() {
    let id = "0193c1d2-3e4f-7a5b-8c6d-7e8f9a0b1c2d";
    let whole = json!({
        "type": "message", "room": "a", "sender": "b", "sender_id": id, "content": "c",
        "timestamp": "2026-11-23T04:05:06.789Z", "seq": 1, "message_id": id,
    });
    let is_read = |frame: &serde_json::Value| {
        let text = frame.to_string();
        let (frame, event) =
            (serde_json::from_str::<ServerFrame>(&text), serde_json::from_str::<RoomEvent>(&text));
        assert_eq!(frame.is_ok(), event.is_ok());
        event.is_ok_and(|event| matches!(event, RoomEvent::Posted(_)))
    };
    assert!(is_read(&whole));
    for field in ["room", "sender", "sender_id", "timestamp", "seq", "message_id"] {
        let mut frame = whole.clone();
        frame.as_object_mut().unwrap().remove(field);
        assert!(!is_read(&frame), "without {field}");
    }
}
