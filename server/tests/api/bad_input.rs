//! Invalid frames get a clear error code, keep the connection usable and do not affect others. Broken framing gets the
//! right close code.

use shared::limits::{CONTENT_BYTES, CONTENT_GRAPHEMES, FRAME_BYTES};
use shared::{Command, ErrorCode, Failure, ServerFrame};
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Person, RawSocket, TestServer, general, message, raw, room, said};

fn failure(frame: &ServerFrame) -> Option<Failure> {
    match frame {
        ServerFrame::Error { failure, .. } => Some(failure.clone()),
        _ => None,
    }
}

async fn refused(person: &mut Person, frame: &str) -> Failure {
    person.send_text(frame).await;
    let failure = person.expect(failure).await;
    person.request(Command::Ping).await.expect("the connection is usable");
    failure
}

fn chat(content: &str) -> String {
    serde_json::json!({"type": "chat", "room": "general", "content": content}).to_string()
}

#[tokio::test]
async fn a_wrong_frame_is_answered_with_its_code_and_disturbs_nobody() {
    let nested = format!(r#"{{"type":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let deep = format!(r#"{{"a":{}1{}"#, r#"{"a":"#.repeat(5_000), "}".repeat(5_001));
    let join = |name: &str| serde_json::json!({"type": "join_room", "room": name}).to_string();
    let cases: Vec<(String, ErrorCode, Option<&str>)> = vec![
        ("{".into(), ErrorCode::BadJson, None),
        (String::new(), ErrorCode::BadJson, None),
        ("hello".into(), ErrorCode::BadJson, None),
        ("null".into(), ErrorCode::BadJson, None),
        (r#"["ping"]"#.into(), ErrorCode::BadJson, None),
        (r#"{"type":"ping"} {"type":"ping"}"#.into(), ErrorCode::BadJson, None),
        ("[".repeat(5_000), ErrorCode::BadJson, None),
        (nested, ErrorCode::InvalidField, Some("type")),
        (deep, ErrorCode::MissingField, Some("type")),
        ("{}".into(), ErrorCode::MissingField, Some("type")),
        (r#"{"type":7}"#.into(), ErrorCode::InvalidField, Some("type")),
        (r#"{"type":null}"#.into(), ErrorCode::MissingField, Some("type")),
        (r#"{"type":"dance"}"#.into(), ErrorCode::UnknownType, Some("type")),
        (r#"{"type":"Chat","room":"general","content":"x"}"#.into(), ErrorCode::UnknownType, Some("type")),
        (r#"{"type":"message","room":"general","content":"x"}"#.into(), ErrorCode::UnknownType, Some("type")),
        (r#"{"type":"chat","content":"x"}"#.into(), ErrorCode::MissingField, Some("room")),
        (r#"{"type":"chat","room":"general"}"#.into(), ErrorCode::MissingField, Some("content")),
        (r#"{"type":"chat","room":"general","content":5}"#.into(), ErrorCode::InvalidField, Some("content")),
        (r#"{"type":"chat","room":["general"],"content":"x"}"#.into(), ErrorCode::InvalidField, Some("room")),
        (
            r#"{"type":"chat","room":"general","content":"x","client_message_id":"1"}"#.into(),
            ErrorCode::InvalidField,
            Some("client_message_id"),
        ),
        (
            r#"{"type":"typing","room":"general","is_typing":"yes"}"#.into(),
            ErrorCode::InvalidField,
            Some("is_typing"),
        ),
        (r#"{"type":"typing","room":"general"}"#.into(), ErrorCode::MissingField, Some("is_typing")),
        (r#"{"type":"typing","room":"elsewhere","is_typing":true}"#.into(), ErrorCode::NotAMember, None),
        (r#"{"type":"ping","id":-1}"#.into(), ErrorCode::InvalidField, Some("id")),
        (format!(r#"{{"type":"ping","id":"{}"}}"#, "i".repeat(65)), ErrorCode::InvalidField, Some("id")),
        (r#"{"type":"history","room":"general","limit":0}"#.into(), ErrorCode::InvalidField, Some("limit")),
        (
            r#"{"type":"history","room":"general","before":9,"after":1}"#.into(),
            ErrorCode::InvalidField,
            Some("after"),
        ),
        (r#"{"type":"history","room":"elsewhere"}"#.into(), ErrorCode::NotAMember, None),
        (r#"{"type":"members","room":"elsewhere"}"#.into(), ErrorCode::NotAMember, None),
        (r#"{"type":"set_presence","status":"offline"}"#.into(), ErrorCode::InvalidField, Some("status")),
        (r#"{"type":"auth","username":"somebody"}"#.into(), ErrorCode::AlreadyAuthenticated, None),
        (r#"{"type":"leave_room","room":"elsewhere"}"#.into(), ErrorCode::NotAMember, None),
        (r#"{"type":"join_room","room":"~x"}"#.into(), ErrorCode::NotAMember, None),
        (r#"{"type":"chat","room":"~x","content":"x"}"#.into(), ErrorCode::NotAMember, None),
        (chat(""), ErrorCode::ContentEmpty, Some("content")),
        (chat(" \n\t\u{3000} "), ErrorCode::ContentEmpty, Some("content")),
        (chat(&"a".repeat(CONTENT_GRAPHEMES + 1)), ErrorCode::ContentTooLong, Some("content")),
        (chat(&"あ".repeat(CONTENT_GRAPHEMES + 1)), ErrorCode::ContentTooLong, Some("content")),
        (chat(&"👩‍👩‍👧".repeat(CONTENT_BYTES / 18 + 1)), ErrorCode::ContentTooLong, Some("content")),
        (join(""), ErrorCode::InvalidName, Some("room")),
        (join("   "), ErrorCode::InvalidName, Some("room")),
        (join(&"r".repeat(65)), ErrorCode::InvalidName, Some("room")),
        (join("a\nb"), ErrorCode::InvalidName, Some("room")),
        (join("a\u{0}b"), ErrorCode::InvalidName, Some("room")),
        (join("a\u{202E}b"), ErrorCode::InvalidName, Some("room")),
        (join("a\u{200B}b"), ErrorCode::InvalidName, Some("room")),
        (join("a\u{E0041}b"), ErrorCode::InvalidName, Some("room")),
    ];
    let server = TestServer::start().await;
    let mut witness = server.connect("witness").await;
    let mut mallory = server.connect("mallory").await;
    for (frame, code, field) in &cases {
        let failure = refused(&mut mallory, frame).await;
        let start = &frame[..frame.floor_char_boundary(100)];
        assert_eq!(failure.code, *code, "{start}: {failure:?}");
        if let Some(field) = field {
            assert_eq!(failure.field.as_deref(), Some(*field), "{start}");
        }
    }
    mallory.say(&general(), "sorry").await;
    // The other client saw only one join and one message of all this.
    let seen: Vec<_> = witness.so_far().await.into_iter().map(|(_, frame)| frame).collect();
    assert!(matches!(&seen[..], [ServerFrame::UserJoined { .. }, ServerFrame::Event(_)]), "{seen:#?}");
}

#[tokio::test]
async fn the_longest_text_and_the_longest_name_are_taken() {
    let server = TestServer::start().await;
    let mut alice = server.connect(&"あ".repeat(32)).await;
    for longest in
        ["あ".repeat(CONTENT_GRAPHEMES), "👩‍👩‍👧".repeat(CONTENT_BYTES / 18), "\u{1}".repeat(3_999) + "x"]
    {
        alice.say(&general(), &longest).await;
        assert_eq!(said(&alice.expect(message).await), longest);
    }
    alice.join(&room(&"部".repeat(64))).await;
}

#[tokio::test]
async fn an_answer_to_a_wrong_frame_names_the_request() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let frame = r#"{"type":"chat","room":"general","content":"","id":"q-7",
        "client_message_id":"019aaf5e-3b7c-7d11-9d2f-5a1b0c3e4f60"}"#;
    let failure = refused(&mut alice, frame).await;
    assert_eq!(failure.id, Some(shared::RequestId::Text("q-7".into())));
    assert!(failure.client_message_id.is_some());
    // The same if a field cannot be parsed at all.
    for (frame, field) in [
        (r#"{"type":"history","room":"general","before":"2","id":3}"#, "before"),
        (r#"{"type":"chat","room":"general","content":5,"id":3}"#, "content"),
        (r#"{"type":5,"id":3}"#, "type"),
        (r#"{"id":3}"#, "type"),
        (r#"{"id":3,"type":"join_room","room":"x","since":{"epoch":"a","seq":1}}"#, "since"),
        (r#"{"id":3,"type":"watch_members","room":"general","user_ids":["a"]}"#, "user_ids"),
        (r#"{"id":3,"type":"chat","room":"general","room":"x","content":"x"}"#, "room"),
        (r#"{"id":3,"type":"chat","room":"general","content":"\ud800"}"#, "content"),
    ] {
        let failure = refused(&mut alice, frame).await;
        assert_eq!(failure.id, Some(shared::RequestId::Number(3)), "{frame}");
        assert_eq!(failure.field.as_deref(), Some(field), "{frame}: {failure:?}");
    }
    let frame = r#"{"type":"chat","room":"general","content":5,
        "client_message_id":"019aaf5e-3b7c-7d11-9d2f-5a1b0c3e4f60"}"#;
    assert!(refused(&mut alice, frame).await.client_message_id.is_some(), "one answer for each message");
    let failure = refused(&mut alice, &frame.replace("5,", "\"x\",\"id\":-1,")).await;
    assert!(failure.client_message_id.is_some() && failure.field.as_deref() == Some("id"), "{failure:?}");
    let failure = refused(&mut alice, r#"{"type":"leave_room","room":"x","id":9}"#).await;
    assert_eq!((failure.id, failure.room), (Some(shared::RequestId::Number(9)), Some(room("x"))));
}

#[tokio::test]
async fn before_auth_only_auth_is_heard_and_a_bad_name_may_be_mended() {
    let server = TestServer::start().await;
    let mut person = server.open().await;
    let auth = |name: &str| serde_json::json!({"type": "auth", "username": name}).to_string();
    let cases = [
        (r#"{"type":"ping"}"#.to_owned(), ErrorCode::NotAuthenticated),
        (chat("hello"), ErrorCode::NotAuthenticated),
        (r#"{"type":"join_room","room":"tea"}"#.to_owned(), ErrorCode::NotAuthenticated),
        (r#"{"type":"auth"}"#.to_owned(), ErrorCode::MissingField),
        (r#"{"type":"auth","username":["x"]}"#.to_owned(), ErrorCode::InvalidField),
        (auth(""), ErrorCode::InvalidName),
        (auth("a\u{202E}b"), ErrorCode::InvalidName),
        (auth("a\u{200B}b"), ErrorCode::InvalidName),
        (auth("a\u{7}b"), ErrorCode::InvalidName),
        (auth(&"x".repeat(33)), ErrorCode::InvalidName),
        (
            r#"{"type":"auth","session":"00000000000000000000000000000000","protocol":1}"#.into(),
            ErrorCode::MissingField,
        ),
    ];
    for (frame, code) in cases {
        person.send_text(&frame).await;
        assert_eq!(person.expect(failure).await.code, code, "{frame}");
    }
    person.send_text(&auth("花子")).await;
    assert!(matches!(person.next().await, ServerFrame::Welcome(_)));
    assert_eq!(server.stats().await["rooms"], 1, "nothing was made of it");
}

#[tokio::test]
async fn a_binary_message_is_refused_and_the_connection_usable() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    alice.send_message(Message::binary(br#"{"type":"ping"}"#.to_vec())).await;
    assert_eq!(alice.expect(failure).await.code, ErrorCode::NotText);
    alice.request(Command::Ping).await.unwrap();
}

#[tokio::test]
async fn violations_of_the_standard_close_with_its_codes() {
    let server = TestServer::start().await;
    let mut witness = server.connect("witness").await;
    let mut long = raw::header(0x81, FRAME_BYTES as u64 + 1);
    long.extend([0; 4]);
    let mut endless = raw::header(0x81, 1 << 62);
    endless.extend([0; 4]);
    let masked = |first: u8, payload: &[u8]| {
        let mut frame = raw::header(first, payload.len() as u64);
        frame.extend([0; 4]);
        frame.extend(payload);
        frame
    };
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("an unmasked frame", b"\x81\x0f{\"type\":\"ping\"}".to_vec(), 1002),
        ("a reserved opcode", masked(0x83, b"x"), 1002),
        ("a reserved bit", masked(0xC1, b"{}"), 1002),
        ("a continuation of nothing", masked(0x80, b"x"), 1002),
        ("a new message before the last one ended", [masked(0x01, b"{"), masked(0x81, b"}")].concat(), 1002),
        ("a fragmented ping", masked(0x09, b"x"), 1002),
        ("a ping of 126 bytes", masked(0x89, &[b'x'; 126]), 1002),
        ("a length not in its shortest form", vec![0x81, 0xFE, 0, 2, 0, 0, 0, 0, b'{', b'}'], 1002),
        ("a negative length", [&[0x81, 0xFF][..], &[0xFF; 8], &[0; 4]].concat(), 1002),
        ("a close code of one byte", masked(0x88, &[3]), 1002),
        ("a close code that may not be sent", masked(0x88, &1005_u16.to_be_bytes()), 1002),
        ("text that is not UTF-8", masked(0x81, b"\xC3\x28"), 1007),
        (
            "a message that is not UTF-8 over two fragments",
            [masked(0x01, b"\xE3\x81"), masked(0x80, b"x")].concat(),
            1007,
        ),
        ("a close reason that is not UTF-8", masked(0x88, &[3, 232, 0xFF]), 1007),
        ("a length of 65,537 without its bytes", long, 1009),
        ("a length of 4 EiB without its bytes", endless, 1009),
        ("a message of 65,537 bytes", masked(0x81, &vec![b'x'; FRAME_BYTES + 1]), 1009),
        (
            "65,537 bytes in two fragments",
            [masked(0x01, &vec![b'x'; FRAME_BYTES]), masked(0x80, b"x")].concat(),
            1009,
        ),
        ("65,537 bytes of binary", masked(0x82, &vec![b'x'; FRAME_BYTES + 1]), 1009),
    ];
    for (what, bytes, code) in cases {
        let mut socket = RawSocket::open(server.address).await;
        socket.send(&bytes).await;
        assert_eq!(socket.close_code().await, code, "{what}");
    }
    witness.request(Command::Ping).await.expect("nobody else is disturbed");
}

#[tokio::test]
async fn a_frame_of_exactly_64_kib_is_read() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut frame = r#"{"type":"ping","id":"big","padding":""#.to_owned();
    frame.push_str(&"x".repeat(FRAME_BYTES - frame.len() - 2));
    frame.push_str("\"}");
    assert_eq!(frame.len(), FRAME_BYTES);
    alice.send_text(&frame).await;
    alice.expect(|frame| matches!(frame, ServerFrame::Pong { .. }).then_some(())).await;
}

#[tokio::test]
async fn a_text_in_fragments_with_a_ping_between_is_one_message() {
    let server = TestServer::start().await;
    let mut socket = RawSocket::open(server.address).await;
    let auth = r#"{"type":"auth","username":"ばらばら"}"#.as_bytes();
    // The splits are inside characters.
    socket.send_frame(0x01, &auth[..28]).await;
    socket.send_frame(0x89, b"still there?").await;
    socket.send_frame(0x00, &auth[28..31]).await;
    socket.send_frame(0x00, b"").await;
    socket.send_frame(0x80, &auth[31..]).await;
    let pong = socket.receive().await;
    assert_eq!((pong.opcode, &pong.payload[..]), (0x0A, &b"still there?"[..]));
    let welcome = socket.receive().await;
    assert_eq!(welcome.opcode, 1);
    let welcome = String::from_utf8(welcome.payload).unwrap();
    assert!(welcome.contains("\"welcome\"") && welcome.contains("ばらばら"), "{welcome}");
}

#[tokio::test]
async fn frames_that_trickle_in_byte_by_byte_are_read() {
    let server = TestServer::start().await;
    let mut socket = RawSocket::open(server.address).await;
    socket.0.set_nodelay(true).unwrap();
    let mut frame = raw::header(0x81, 33);
    frame.extend([0; 4]);
    frame.extend(br#"{"type":"auth","username":"slow"}"#);
    for byte in frame {
        socket.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert!(String::from_utf8(socket.receive().await.payload).unwrap().contains("welcome"));
}
