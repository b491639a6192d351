//! Names and texts are visible, and different ones look different.

use serde_json::json;
use shared::{Action, Command, ErrorCode, Failure, RoomEvent, Seq, ServerFrame, UserName};

use crate::harness::{Person, TestServer, edit, general, react, room};

/// Invisible text.
const NOTHING: [&str; 9] = [
    " ",
    "\u{3000}\n",
    "\u{200B}",
    "\u{3164}",
    "\u{2800}\u{2800}",
    "\u{115F}\u{1160}",
    "\u{1D159}",
    "\u{E0041}",
    "\u{2060}\u{FE0F}",
];

/// Sends a request verbatim and waits for its answer.
async fn ask(person: &mut Person, mut request: serde_json::Value) -> Result<(), Failure> {
    request["id"] = json!("asked");
    person.send_text(&request.to_string()).await;
    person.answer(&serde_json::from_value(json!("asked")).unwrap()).await.map(|_| ())
}

fn code(answer: Result<(), Failure>) -> Option<ErrorCode> {
    answer.err().map(|failure| failure.code)
}

#[tokio::test]
async fn a_message_an_edit_a_name_and_a_room_show_something() {
    let server = TestServer::start().await;
    let mut alice = server.connect_joined("alice").await.0;
    let seq = alice.say(&general(), "seen").await.seq;
    for nothing in NOTHING {
        let chat = json!({"type": "chat", "room": "general", "content": nothing});
        assert_eq!(code(ask(&mut alice, chat).await), Some(ErrorCode::ContentEmpty), "{nothing:?}");
        let edit = json!({"type": "edit_message", "room": "general", "target": seq, "content": nothing});
        assert_eq!(code(ask(&mut alice, edit).await), Some(ErrorCode::ContentEmpty), "{nothing:?}");
        let join = json!({"type": "join_room", "room": nothing});
        assert_eq!(code(ask(&mut alice, join).await), Some(ErrorCode::InvalidName), "{nothing:?}");
        let mut nobody = server.open().await;
        let auth = json!({"type": "auth", "protocol": 1, "username": nothing});
        assert_eq!(code(ask(&mut nobody, auth).await), Some(ErrorCode::InvalidName), "{nothing:?}");
    }
    assert_eq!(alice.everything(&general()).await.len(), 1, "nothing of it was stored");
    alice.say(&general(), "\u{2800}\u{28FF}").await;
}

#[tokio::test]
async fn who_looks_like_another_gets_a_number() {
    let server = TestServer::start().await;
    let mut here = vec![server.connect("Paypal").await];
    for (asked, got) in
        [("Pаypаl", "Pаypаl-2"), ("PaypaI", "PaypaI-3"), ("ΡAYPAL", "ΡAYPAL-4"), ("Paypal!", "Paypal!")]
    {
        here.push(server.connect(asked).await);
        assert_eq!(here.last().unwrap().name(), got);
    }
    for (asked, got) in
        [("カナ", "カナ"), ("力ナ", "力ナ-2"), ("花子", "花子"), ("はなこ", "はなこ"), ("ハナコ", "ハナコ")]
    {
        here.push(server.connect(asked).await);
        assert_eq!(here.last().unwrap().name(), got);
    }
}

#[tokio::test]
async fn joiners_are_in_names_where_a_script_or_an_emoji_needs_them() {
    let server = TestServer::start().await;
    for name in ["می\u{200C}خواهم", "ශ්\u{200D}රී", "क्\u{200D}ष", "👩\u{200D}🚀"] {
        assert_eq!(server.connect(name).await.name(), name);
    }
    for name in ["bo\u{200D}b", "bob\u{200C}", "👩\u{200D}", "花\u{200C}子"] {
        let mut nobody = server.open().await;
        let auth = json!({"type": "auth", "protocol": 1, "username": name});
        assert_eq!(code(ask(&mut nobody, auth).await), Some(ErrorCode::InvalidName), "{name:?}");
    }
}

#[tokio::test]
async fn one_emoji_has_one_chip() {
    let server = TestServer::start().await;
    let mut alice = server.connect_joined("alice").await.0;
    let seq = alice.say(&general(), "look").await.seq;
    let request =
        |emoji: &str| json!({"type": "add_reaction", "room": "general", "target": seq, "emoji": emoji});
    for emoji in [
        "👍",
        "👍\u{FE0F}",
        "👍\u{FE0E}",
        "👩\u{200D}🚀",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    ] {
        ask(&mut alice, request(emoji)).await.unwrap();
    }
    for emoji in [
        "👍\u{200D}",
        "\u{200D}👍",
        "👍\u{E0067}\u{E007F}",
        "👍\u{E007F}",
        "👍\u{200D}\u{200D}👍",
        "👍\u{301}",
        "🏴\u{E0067}\u{E007F}",
        "🍎\u{1F3FD}",
        "👍\u{20E3}",
        "🇯",
    ] {
        assert_eq!(code(ask(&mut alice, request(emoji)).await), Some(ErrorCode::InvalidField), "{emoji:?}");
    }
    let log = alice.everything(&general()).await;
    let Some(RoomEvent::Posted(posted)) = log.first() else { panic!("{log:?}") };
    let chips: Vec<&str> = posted.reactions.iter().map(|reaction| reaction.emoji.as_str()).collect();
    assert_eq!(chips, ["👍", "👩\u{200D}🚀", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"]);
}

#[tokio::test]
async fn no_room_is_made_whose_name_is_a_path() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    for name in [".", "..", "...", "…", "．．", " .. "] {
        let failure = ask(&mut alice, json!({"type": "join_room", "room": name})).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.field.as_deref()),
            (ErrorCode::InvalidName, Some("room")),
            "{name:?}"
        );
        let chat = json!({"type": "chat", "room": name, "content": "x"});
        assert_eq!(code(ask(&mut alice, chat).await), Some(ErrorCode::InvalidName), "{name:?}");
    }
    alice.join(&room("v1.2")).await;
}

#[tokio::test]
async fn what_was_stored_under_earlier_rules_is_read_as_before() {
    let server = TestServer::start().await;
    let tea = room("tea");
    let mut alice = server.connect("alice").await;
    alice.join(&tea).await;
    let seq = alice.say(&tea, "seen").await.seq;
    alice.change(&tea, seq, react("👍")).await;
    let session = alice.session();
    alice.close(1001).await;
    let server = server
        .restart_after(
            "UPDATE rooms SET name = '..' WHERE name = 'tea';
             UPDATE users SET name = char(0x1D159) || 'al';
             UPDATE messages SET content = char(0x2800), name = 'room';
             UPDATE reactions SET emoji = '👍' || char(0x200D);",
        )
        .await;
    let dots = room("..");
    let mut alice = server.resume(&session, &[]).await;
    assert_eq!(alice.name(), "\u{1D159}al");
    let answer = alice.join(&dots).await;
    let Some(RoomEvent::Posted(posted)) = answer.events.first() else { panic!("{answer:?}") };
    assert_eq!(posted.content.as_ref().unwrap().as_str(), "\u{2800}");
    assert_eq!((posted.sender.as_str(), posted.seq), ("room", Seq(1)));
    let given = posted.reactions[0].emoji.clone();
    assert_eq!(given.as_str(), "👍\u{200D}");
    alice.change(&dots, seq, Action::RemoveReaction { emoji: given }).await;
    alice.change(&dots, seq, edit("seen again")).await;
    // A deserted room of this kind still exists; a new one cannot be created.
    alice.leave(&dots).await;
    assert_eq!(alice.join(&dots).await.epoch, answer.epoch);
    let answer = alice.request(Command::JoinRoom { room: room("..."), since: None }).await;
    assert_eq!(answer.unwrap_err().code, ErrorCode::InvalidName);

    // A client that returns with its session may send its old name.
    let name = UserName::known("\u{1D159}al").unwrap();
    let mut tab = server.open().await;
    tab.send(Command::Auth(shared::Auth {
        username: Some(name.clone()),
        protocol: Some(1),
        session: Some(session),
        rooms: Some(Vec::new()),
        ..shared::Auth::default()
    }))
    .await;
    let welcome = tab.expect(|frame| match frame {
        ServerFrame::Welcome(welcome) => Some(welcome.username.clone()),
        _ => None,
    });
    assert_eq!(welcome.await, name);
}
