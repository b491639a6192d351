//! Clients of the original demo receive exactly the demo's protocol.

use serde_json::{Value, json};
use shared::{PresenceStatus, ServerFrame};

use crate::harness::{Person, TestServer, general, message, presence, room, said, typing};

/// The frame types of the demo, with the fields that its clients rely on.
const FRAMES: [(&str, &[&str]); 8] = [
    ("welcome", &["client_id", "username", "message", "timestamp"]),
    ("message", &["room", "sender", "sender_id", "content", "timestamp"]),
    ("typing", &["room", "user", "user_id", "is_typing"]),
    ("user_joined", &["room", "user", "user_id", "timestamp"]),
    ("user_left", &["room", "user", "user_id", "timestamp"]),
    ("presence", &["room", "user", "user_id", "status", "timestamp"]),
    ("pong", &["timestamp"]),
    ("error", &["message", "timestamp"]),
];

async fn say(person: &mut Person, frame: &Value) {
    person.send_text(&frame.to_string()).await;
}

fn joins(name: &str) -> impl FnMut(&ServerFrame) -> Option<String> + '_ {
    move |frame| match frame {
        ServerFrame::UserJoined { user, room, .. } if user.as_str() == name => Some(room.to_string()),
        _ => None,
    }
}

fn leaves(name: &str) -> impl FnMut(&ServerFrame) -> Option<String> + '_ {
    move |frame| match frame {
        ServerFrame::UserLeft { user, room, .. } if user.as_str() == name => Some(room.to_string()),
        _ => None,
    }
}

#[tokio::test]
async fn the_bot_of_the_demo_is_welcomed_chats_without_joining_and_reads_itself() {
    let server = TestServer::start().await;
    for path in ["/", "/ws"] {
        let mut bot = Person::open(server.address, path).await;
        say(&mut bot, &json!({"type": "auth", "username": "PythonBot"})).await;
        let (text, _) = bot.next_with_text().await;
        let welcome: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(welcome["type"], "welcome", "the first frame");
        assert_eq!(welcome["username"], "PythonBot");
        let id: uuid::Uuid = welcome["client_id"].as_str().unwrap().parse().expect("client_id is a uuid");

        say(&mut bot, &json!({"type": "chat", "room": "general", "content": "Hello!"})).await;
        let (text, _) = bot.next_with_text().await;
        let echo: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(echo["type"], "message", "nothing comes between, no ack and no history: {text}");
        assert_eq!(echo["content"], "Hello!");
        assert_eq!(echo["room"], "general");
        assert_eq!(echo["sender"], "PythonBot");
        assert_eq!(echo["sender_id"], id.to_string());
        assert!(echo["timestamp"].as_str().unwrap().ends_with('Z'));
        bot.close(1000).await;
    }
}

#[tokio::test]
async fn joining_and_leaving_a_room_is_told_to_the_others_only() {
    let server = TestServer::start().await;
    let mut alice = server.demo("alice").await;
    let mut bob = server.demo("bob").await;
    assert_eq!(alice.expect(joins("bob")).await, "general");

    say(&mut alice, &json!({"type": "join_room", "room": "tea"})).await;
    alice.expect_none(joins("alice")).await;
    say(&mut bob, &json!({"type": "join_room", "room": "tea"})).await;
    assert_eq!(alice.expect(joins("bob")).await, "tea");
    bob.expect_none(joins("bob")).await;

    say(&mut bob, &json!({"type": "leave_room", "room": "tea"})).await;
    assert_eq!(alice.expect(leaves("bob")).await, "tea");
    bob.expect_none(leaves("bob")).await;
    say(&mut alice, &json!({"type": "chat", "room": "tea", "content": "alone"})).await;
    alice.expect(message).await;
    bob.expect_none(message).await;
}

#[tokio::test]
async fn typing_is_shown_to_the_others_only() {
    let server = TestServer::start().await;
    let mut alice = server.demo("alice").await;
    let mut bob = server.demo("bob").await;
    let mut carol = server.connect("carol").await;
    say(&mut alice, &json!({"type": "typing", "room": "general", "is_typing": true})).await;
    assert!(bob.expect(typing("alice")).await);
    assert!(carol.expect(typing("alice")).await);
    alice.expect_none(typing("alice")).await;
}

#[tokio::test]
async fn a_demo_client_that_goes_away_is_announced_at_once_and_may_come_back() {
    let server = TestServer::start().await;
    let mut alice = server.demo("alice").await;
    let bob = server.demo("bob").await;
    drop(bob);
    assert_eq!(alice.expect(presence("bob")).await, PresenceStatus::Offline);
    assert_eq!(alice.expect(leaves("bob")).await, "general");

    let mut bob = server.demo("bob").await;
    assert_eq!(bob.name(), "bob", "the name is free again");
    assert_eq!(alice.expect(joins("bob")).await, "general");
    say(&mut bob, &json!({"type": "chat", "room": "general", "content": "back"})).await;
    assert_eq!(said(&alice.expect(message).await), "back");
}

#[tokio::test]
async fn a_mistake_is_answered_and_the_connection_stays_usable() {
    let server = TestServer::start().await;
    let mut early = Person::open(server.address, "/").await;
    say(&mut early, &json!({"type": "chat", "room": "general", "content": "who am I?"})).await;
    assert!(matches!(early.next().await, ServerFrame::Error { .. }));
    say(&mut early, &json!({"type": "auth", "username": "early"})).await;
    assert!(matches!(early.next().await, ServerFrame::Welcome(_)));
    say(&mut early, &json!({"type": "dance"})).await;
    assert!(matches!(early.next().await, ServerFrame::Error { .. }));
    say(&mut early, &json!({"type": "ping"})).await;
    assert!(matches!(early.next().await, ServerFrame::Pong { .. }));
}

#[tokio::test]
async fn a_message_has_the_same_bytes_for_the_demo_and_for_protocol_1() {
    let server = TestServer::start().await;
    let mut old = server.demo("old").await;
    let mut new = server.connect("new").await;
    new.say(&general(), "こんにちは、\"world\" \u{1F600}").await;
    let find = |frames: Vec<(String, ServerFrame)>| {
        frames.into_iter().find_map(|(text, frame)| message(&frame).map(|_| text)).expect("the message")
    };
    let (seen_old, seen_new) = (find(old.so_far().await), find(new.so_far().await));
    assert_eq!(seen_old, seen_new);
    assert!(seen_old.contains(r#""seq":1"#) && seen_old.contains("client_message_id"), "{seen_old}");
}

#[tokio::test]
async fn a_demo_client_never_gets_a_frame_that_the_demo_does_not_know() {
    let server = TestServer::start().await;
    let mut old = server.demo("old").await;
    let mut texts = vec![serde_json::to_string(&ServerFrame::Welcome(old.welcome().clone())).unwrap()];

    let mut alice = server.connect("alice").await;
    let mut bob = server.connect_outside("bob").await;
    alice.request(shared::Command::ListRooms { after: None, limit: None }).await.unwrap();
    bob.join(&general()).await;
    alice.say(&general(), "first").await;
    say(&mut old, &json!({"type": "chat", "room": "general", "content": "second"})).await;
    say(&mut old, &json!({"type": "join_room", "room": "tea"})).await;
    alice.join(&room("tea")).await;
    alice.send(shared::Command::Typing { room: general(), is_typing: true }).await;
    alice.request(shared::Command::MarkRead { room: general(), seq: shared::Seq(1) }).await.unwrap();
    bob.be(PresenceStatus::Away).await;
    old.expect(presence("bob")).await;
    alice.leave(&room("tea")).await;
    bob.close(1000).await;
    say(&mut old, &json!({"type": "leave_room", "room": "tea"})).await;
    say(&mut old, &json!({"type": "leave_room", "room": "nowhere"})).await;
    texts.extend(old.so_far().await.into_iter().map(|(text, _)| text));

    let mut seen = std::collections::BTreeSet::new();
    for text in &texts {
        let frame: Value = serde_json::from_str(text).unwrap();
        let kind = frame["type"].as_str().unwrap();
        let (known, fields) =
            FRAMES.iter().find(|(known, _)| *known == kind).unwrap_or_else(|| panic!("{text}"));
        for field in *fields {
            assert!(frame.get(field).is_some(), "{kind} has no {field}: {text}");
        }
        seen.insert(*known);
    }
    for kind in ["welcome", "message", "typing", "user_joined", "user_left", "presence", "error"] {
        assert!(seen.contains(kind), "the test did not see {kind}, only {seen:?}");
    }
}
