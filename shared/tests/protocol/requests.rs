//! Requests of a client, and the failures for everything else.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::{ErrorCode, Failure, Request, RequestId};

use crate::strategies::{json as any_json, request, request_id, with_unknown_fields};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_request_round_trips(request in request()) {
        let text = serde_json::to_string(&request)?;
        prop_assert_eq!(Request::parse(&text).map_err(|e| e.to_string()), Ok(request));
    }

    #[test]
    fn unknown_fields_are_ignored(request in request(), extra in any_json()) {
        let value = with_unknown_fields(serde_json::to_value(&request)?, &extra);
        prop_assert_eq!(Request::parse(&value.to_string()).map_err(|e| e.to_string()), Ok(request));
    }

    #[test]
    fn any_text_gets_an_answer(text in any::<String>()) {
        let _ = Request::parse(&text);
        let _ = Request::parse(&format!("{{{text}}}"));
        let _ = Request::parse(&format!(r#"{{"type":"chat",{text}}}"#));
    }

    #[test]
    fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Request::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_value_in_any_field_gets_an_answer(request in request(), value in any_json(), which in any::<prop::sample::Index>()) {
        let mut frame = serde_json::to_value(&request)?;
        let mut changed = String::new();
        if let Some(fields) = frame.as_object_mut() {
            let place = which.index(fields.len());
            if let Some((name, field)) = fields.iter_mut().nth(place) {
                changed.clone_from(name);
                *field = value;
            }
        }
        if let Err(failure) = Request::parse(&frame.to_string()) {
            prop_assert!(failure.field.is_some(), "{} in {}", failure, frame);
            if changed != "id" {
                prop_assert_eq!(&failure.id, &request.id);
            }
            let expected = [
                ErrorCode::MissingField,
                ErrorCode::InvalidField,
                ErrorCode::InvalidName,
                ErrorCode::UnknownType,
                ErrorCode::ContentEmpty,
                ErrorCode::ContentTooLong,
            ];
            prop_assert!(expected.contains(&failure.code), "{}", failure);
        }
    }

    #[test]
    fn a_truncated_frame_is_bad_json(request in request(), end in any::<prop::sample::Index>()) {
        let text = serde_json::to_string(&request)?;
        let end = (0..end.index(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        prop_assert_eq!(Request::parse(&text[..end]).map_err(|e| e.code), Err(ErrorCode::BadJson));
    }

    #[test]
    fn a_missing_field_is_named(request in request(), which in any::<prop::sample::Index>()) {
        let mut frame = serde_json::to_value(&request)?;
        let Some(fields) = frame.as_object_mut() else { return Ok(()) };
        let names: Vec<String> = fields.keys().cloned().collect();
        let name = &names[which.index(names.len())];
        fields.remove(name);
        if name == "session" || name == "token" {
            // With either of them the name is optional; without all, the missing field is the name.
            return Ok(());
        }
        // Somebody may be named by either.
        let by_either = ["invite", "restrict", "lift_restriction"];
        let is_either = by_either.iter().any(|kind| frame["type"] == *kind);
        let name = match name.as_str() {
            "user_id" if is_either => "username",
            "usernames" => "user_ids",
            name => name,
        };
        if let Err(failure) = Request::parse(&frame.to_string()) {
            prop_assert_eq!(failure.code, ErrorCode::MissingField);
            prop_assert_eq!(failure.field.as_deref(), Some(name));
        }
    }

    #[test]
    fn the_answer_to_a_bad_request_carries_its_id(id in request_id()) {
        let frame = json!({"id": id, "type": "chat", "room": "", "content": "x"});
        prop_assert_eq!(failure(&frame).id, Some(id));
    }

    #[test]
    fn names_with_invisible_characters_are_refused(
        invisible in proptest::sample::select(INVISIBLE), before in "[a-z]{0,5}", after in "[a-z]{0,5}",
    ) {
        let name = format!("{before}{invisible}{after}");
        for (frame, field) in [
            (json!({"type": "auth", "username": name}), "username"),
            (json!({"type": "join_room", "room": name}), "room"),
            (json!({"type": "chat", "room": name, "content": "x"}), "room"),
            (json!({"type": "list_rooms", "after": name}), "after"),
        ] {
            let failure = failure(&frame);
            prop_assert_eq!(failure.code, ErrorCode::InvalidName);
            prop_assert_eq!(failure.field.as_deref(), Some(field));
        }
    }
}

/// Control, bidi, zero-width, tag and look-alike filler characters.
const INVISIBLE: &[char] = &[
    '\0',
    '\u{7}',
    '\n',
    '\u{7f}',
    '\u{85}',
    '\u{ad}',
    '\u{61c}',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{202a}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2069}',
    '\u{3164}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e007f}',
];

fn failure(frame: &Value) -> Failure {
    Request::parse(&frame.to_string()).expect_err("a bad request")
}

fn code(text: &str) -> Option<ErrorCode> {
    Request::parse(text).err().map(|failure| failure.code)
}

#[test]
fn every_kind_of_mistake_has_its_code() {
    use ErrorCode::{
        BadJson, ContentEmpty, ContentTooLong, InvalidField, InvalidName, MissingField, UnknownType,
    };
    for (text, expected) in [
        ("", BadJson),
        ("{", BadJson),
        ("[]", BadJson),
        ("null", BadJson),
        ("\"chat\"", BadJson),
        (r#"[{"type":"ping"}]"#, BadJson),
        (r#"["ping"]"#, BadJson),
        (r#"{"type":"ping"} {"type":"ping"}"#, BadJson),
        (r#"{"type":"chat","room":"a","content":"\ud800"}"#, BadJson),
        ("{}", MissingField),
        (r#"{"type":null}"#, MissingField),
        (r#"{"type":5}"#, InvalidField),
        (r#"{"type":"ping","type":"ping"}"#, InvalidField),
        (r#"{"type":"pong"}"#, UnknownType),
        (r#"{"type":"Chat","room":"a","content":"b"}"#, UnknownType),
        (r#"{"type":"chat"}"#, MissingField),
        (r#"{"type":"chat","room":"a"}"#, MissingField),
        (r#"{"type":"chat","room":5,"content":"b"}"#, InvalidField),
        (r#"{"type":"chat","room":null,"content":"b"}"#, InvalidField),
        (r#"{"type":"chat","room":"a","content":["b"]}"#, InvalidField),
        (r#"{"type":"chat","room":"a","content":"b","client_message_id":"c"}"#, InvalidField),
        (r#"{"type":"chat","room":"a","content":"b","id":-1}"#, InvalidField),
        (r#"{"type":"chat","room":"a","content":" \n "}"#, ContentEmpty),
        (r#"{"type":"chat","room":" ","content":"b"}"#, InvalidName),
        (r#"{"type":"auth"}"#, MissingField),
        (r#"{"type":"auth","username":""}"#, InvalidName),
        (r#"{"type":"auth","username":"a","rooms":{}}"#, InvalidField),
        (r#"{"type":"auth","username":"a","rooms":[{"seq":1}]}"#, InvalidField),
        (r#"{"type":"auth","username":"a","rooms":[{"room":" "}]}"#, InvalidName),
        (r#"{"type":"auth","username":"a","rooms":[{"room":"a","epoch":1,"seq":"2"}]}"#, InvalidField),
        (r#"{"type":"auth","username":"a","rooms":["a"]}"#, InvalidField),
        (r#"{"type":"typing","room":"a","is_typing":"yes"}"#, InvalidField),
        (r#"{"type":"join_room","room":"a","since":5}"#, InvalidField),
        (r#"{"type":"history","room":"a","before":5,"after":1}"#, InvalidField),
        (r#"{"type":"history","room":"a","around":5,"before":9}"#, InvalidField),
        (r#"{"type":"history","room":"a","limit":0}"#, InvalidField),
        (r#"{"type":"chat","room":"a","content":"b","reply_to":"c"}"#, InvalidField),
        (r#"{"type":"edit_message","room":"a","target":1}"#, MissingField),
        (r#"{"type":"edit_message","room":"a","target":1,"content":" "}"#, ContentEmpty),
        (r#"{"type":"edit_message","room":"a","content":"b"}"#, MissingField),
        (r#"{"type":"delete_message","room":"a"}"#, MissingField),
        (r#"{"type":"delete_message","room":"a","target":-1}"#, InvalidField),
        (r#"{"type":"add_reaction","room":"a","target":1}"#, MissingField),
        (r#"{"type":"add_reaction","room":"a","target":1,"emoji":"b"}"#, InvalidField),
        (r#"{"type":"remove_reaction","room":"a","target":1,"emoji":"👍👍"}"#, InvalidField),
        (r#"{"type":"pin_message","room":" ","target":1}"#, InvalidName),
        (r#"{"type":"unpin_message","room":"a","target":1,"epoch":"b"}"#, InvalidField),
        (r#"{"type":"get_messages","room":"a"}"#, MissingField),
        (r#"{"type":"list_replies","room":"a"}"#, MissingField),
        (r#"{"type":"search"}"#, MissingField),
        (r#"{"type":"search","query":"a","limit":0}"#, InvalidField),
        (r#"{"type":"mark_unread","room":"a"}"#, MissingField),
        (r#"{"type":"mark_read","room":"a","seq":-1}"#, InvalidField),
        (r#"{"type":"set_presence","status":"offline"}"#, InvalidField),
        (r#"{"type":"set_presence","status":"dancing"}"#, InvalidField),
        (r#"{"type":"set_presence","status":null}"#, InvalidField),
        (r#"{"type":"set_presence","status":{"online":null}}"#, InvalidField),
        (r#"{"type":"list_rooms","after":"~secret"}"#, InvalidName),
    ] {
        assert_eq!(code(text), Some(expected), "{text}");
    }
    let long = json!({"type": "chat", "room": "a", "content": "あ".repeat(6_000)});
    assert_eq!(failure(&long).code, ContentTooLong);
    let many = json!({"type": "watch_members", "room": "a", "user_ids": vec!["0".repeat(32); 101]});
    assert_eq!(failure(&many).code, InvalidField);
    let many = json!({"type": "get_messages", "room": "a", "seqs": vec![1; 51]});
    assert_eq!(failure(&many).code, InvalidField);
    let long = json!({"type": "edit_message", "room": "a", "target": 1, "content": "あ".repeat(6_000)});
    assert_eq!(failure(&long).code, ContentTooLong);
}

#[test]
fn the_limits_of_names_and_texts_are_met_exactly() {
    let chat = |room: usize, content: usize| {
        json!({"type": "chat", "room": "部".repeat(room), "content": "あ".repeat(content)}).to_string()
    };
    assert_eq!(code(&chat(64, 4_000)), None);
    assert_eq!(code(&chat(65, 1)), Some(ErrorCode::InvalidName));
    assert_eq!(code(&chat(1, 4_001)), Some(ErrorCode::ContentTooLong));
    let auth = |name: usize| json!({"type": "auth", "username": "x".repeat(name)}).to_string();
    assert_eq!(code(&auth(32)), None);
    assert_eq!(code(&auth(33)), Some(ErrorCode::InvalidName));
}

#[test]
fn deep_nesting_is_answered_and_no_crash() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        assert!(Request::parse(&deep).is_err());
        assert!(Request::parse(&open.repeat(60_000)).is_err());
        for field in ["room", "content", "type", "id"] {
            let frame = format!(r#"{{"{field}":{deep},"type":"chat","room":"a","content":"b"}}"#);
            assert!(Request::parse(&frame).is_err(), "{field}");
        }
    }
}

#[test]
fn a_request_id_is_short() {
    let ping = |id: Value| Request::parse(&json!({"type": "ping", "id": id}).to_string());
    assert_eq!(ping(json!("x".repeat(64))).unwrap().id, Some(RequestId::Text("x".repeat(64).into())));
    assert!(ping(json!("x".repeat(65))).is_err());
    assert!(ping(json!(1.5)).is_err());
    assert_eq!(ping(json!(null)).unwrap().id, None);
}

#[test]
fn a_refused_change_is_named_in_the_answer() {
    let id = "0192f0c1-7d7c-7b3a-9c1e-2f4a5b6c7d8e";
    let frame =
        json!({"type": "add_reaction", "room": "a", "target": 1, "emoji": "b", "client_message_id": id});
    let failure = failure(&frame);
    assert_eq!(failure.client_message_id.map(|id| id.to_string()).as_deref(), Some(id));
    assert_eq!(failure.field.as_deref(), Some("emoji"));
}

#[test]
fn a_refused_message_is_named_in_the_answer() {
    let id = "0192f0c1-7d7c-7b3a-9c1e-2f4a5b6c7d8e";
    let frame = json!({"type": "chat", "room": "a", "content": "", "client_message_id": id, "id": "q"});
    let failure = failure(&frame);
    assert_eq!(failure.client_message_id.map(|id| id.to_string()).as_deref(), Some(id));
    assert_eq!((failure.id, failure.field.as_deref()), (Some(RequestId::Text("q".into())), Some("content")));
}
