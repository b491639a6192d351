//! The frames of the original demo stay valid forever.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::{
    Command, ErrorCode, Failure, Mentions, MessageId, MessageText, Posted, PresenceStatus, Request,
    RoomAddress, RoomEvent, Seq, ServerFrame, Timestamp, UserId, UserName, Welcome,
};
use uuid::Uuid;

const TIME: Timestamp = Timestamp::from_millis(1_795_406_706_789);

#[test]
fn the_demo_client_is_understood() {
    let parse = |frame: Value| Request::parse(&frame.to_string()).expect("a frame of the demo");
    let room = || RoomAddress::new("general").unwrap();
    let auth = parse(json!({"type": "auth", "username": "PythonBot"}));
    let Command::Auth(auth) = auth.command else { panic!("{auth:?}") };
    assert_eq!(auth.username.as_ref().map(UserName::as_str), Some("PythonBot"));
    assert_eq!((auth.protocol, auth.session, auth.rooms), (None, None, None));
    let content = MessageText::new("Hello!").unwrap();
    for (frame, command) in [
        (
            json!({"type": "chat", "room": "general", "content": "Hello!"}),
            Command::Post { room: room(), content, client_message_id: None, reply_to: None },
        ),
        (
            json!({"type": "typing", "room": "general", "is_typing": true}),
            Command::Typing { room: room(), is_typing: true },
        ),
        (json!({"type": "join_room", "room": "general"}), Command::JoinRoom { room: room(), since: None }),
        (json!({"type": "leave_room", "room": "general"}), Command::LeaveRoom { room: room() }),
        (json!({"type": "ping"}), Command::Ping),
    ] {
        assert_eq!(parse(frame), Request { id: None, command });
    }
}

fn fields(frame: &ServerFrame) -> BTreeSet<String> {
    let value = serde_json::to_value(frame).expect("JSON");
    value.as_object().expect("an object").keys().cloned().collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).chain(["type".to_owned()]).collect()
}

#[test]
fn the_demo_client_is_told_what_it_expects() {
    let room = RoomAddress::new("general").unwrap();
    let user = UserName::new("花子").unwrap();
    let user_id = UserId::new(Uuid::from_u128(1));
    let (timestamp, status) = (TIME, PresenceStatus::Online);
    let welcome = Welcome {
        client_id: user_id,
        username: user.clone(),
        message: "Welcome!".into(),
        timestamp,
        protocol: None,
        session: None,
        resumed: false,
        expires_at: None,
        limits: None,
        server: None,
        id: None,
    };
    let person = ["room", "user", "user_id", "timestamp"];
    let (r, u) = (&room, &user);
    for (frame, tag, expected) in [
        (ServerFrame::Welcome(welcome), "welcome", names(&["client_id", "username", "message", "timestamp"])),
        (
            ServerFrame::Typing { room: r.clone(), user: u.clone(), user_id, is_typing: true },
            "typing",
            names(&["room", "user", "user_id", "is_typing"]),
        ),
        (
            ServerFrame::UserJoined {
                room: r.clone(),
                user: u.clone(),
                user_id,
                timestamp,
                member_count: None,
            },
            "user_joined",
            names(&person),
        ),
        (
            ServerFrame::UserLeft {
                room: r.clone(),
                user: u.clone(),
                user_id,
                timestamp,
                member_count: None,
            },
            "user_left",
            names(&person),
        ),
        (
            ServerFrame::Presence { room: r.clone(), user: u.clone(), user_id, status, timestamp },
            "presence",
            names(&["room", "user", "user_id", "status", "timestamp"]),
        ),
        (ServerFrame::Pong { timestamp, id: None }, "pong", names(&["timestamp"])),
        (
            ServerFrame::Error { failure: Failure::new(ErrorCode::BadJson, "no"), timestamp },
            "error",
            names(&["code", "message", "timestamp"]),
        ),
    ] {
        assert_eq!(fields(&frame), expected, "{tag}");
        assert_eq!(serde_json::to_value(&frame).unwrap()["type"], tag);
    }
}

fn posted() -> Posted {
    Posted {
        room: RoomAddress::new("general").expect("a room"),
        sender: UserName::new("花子").expect("a name"),
        sender_id: UserId::new(Uuid::from_u128(1)),
        content: Some(MessageText::new("こんにちは").expect("a text")),
        timestamp: TIME,
        seq: Seq(5),
        message_id: MessageId::new(Uuid::from_u128(2)),
        client_message_id: None,
        reply_to: None,
        mentions: Mentions::default(),
        changed_seq: None,
        edited_at: None,
        deleted: false,
        pinned: false,
        reactions: Vec::new(),
    }
}

#[test]
fn a_message_has_the_demos_fields_and_our_own() {
    let frame = ServerFrame::Event(RoomEvent::Posted(posted()));
    let demo = ["room", "sender", "sender_id", "content", "timestamp"];
    assert_eq!(fields(&frame), names(&[&demo[..], &["seq", "message_id"]].concat()));
    let value = serde_json::to_value(&frame).unwrap();
    assert_eq!(value["timestamp"], "2026-11-23T04:05:06.789Z");
    assert_eq!(value["sender_id"], "00000000-0000-0000-0000-000000000001");
}

#[test]
fn a_deleted_message_is_still_a_message_to_the_demo() {
    let deleted = Posted { content: None, deleted: true, changed_seq: Some(Seq(6)), ..posted() };
    let value = serde_json::to_value(ServerFrame::Event(RoomEvent::Posted(deleted))).unwrap();
    assert_eq!((&value["content"], &value["deleted"]), (&json!(""), &json!(true)));
}
