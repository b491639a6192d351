//! Search: finds messages within a second of the ack, over WebSocket and HTTP, never by deleted or replaced text.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::{Action, Command, ErrorCode, Failure, SearchResults, ServerFrame};

use crate::harness::{Person, Process, TestServer, change, edit, eventually, general, react, room, said};

async fn search(person: &mut Person, query: &str, cursor: Option<u64>) -> Result<SearchResults, Failure> {
    let command = Command::Search { query: query.to_owned(), limit: Some(2), cursor };
    match person.request(command).await? {
        ServerFrame::SearchResults(results) => Ok(results),
        other => panic!("{other:?}"),
    }
}

fn texts(results: &SearchResults) -> Vec<&str> {
    let messages = results.hits.iter().map(|hit| match &hit.message {
        shared::RoomEvent::Posted(posted) => said(posted),
        other => panic!("{other:?}"),
    });
    messages.collect()
}

async fn found(person: &mut Person, query: &str) -> Vec<String> {
    let results = search(person, query, None).await.expect("a search");
    texts(&results).into_iter().map(str::to_owned).collect()
}

/// Searches until the index has caught up.
async fn until_found(person: &mut Person, query: &str, expected: &[&str]) {
    let person = tokio::sync::Mutex::new(person);
    let wait = || async { (found(*person.lock().await, query).await == expected).then_some(()) };
    eventually(&format!("{query} finds {expected:?}"), wait).await;
}

#[tokio::test]
async fn a_message_is_found_wherever_one_may_read_and_as_it_is_now() {
    let server = TestServer::start().await;
    let (mut alice, mut bob) = (server.connect("alice").await, server.connect("bob").await);
    alice.join(&room("雑談")).await;
    let first = alice.say(&room("雑談"), "明日の会議は東京タワーで").await;
    let second = alice.say(&general(), "会議の資料です").await;
    until_found(&mut bob, "会議", &["会議の資料です", "明日の会議は東京タワーで"]).await;
    assert_eq!(found(&mut bob, "ﾀﾜｰ in:雑談 from:Alice").await, ["明日の会議は東京タワーで"]);

    alice.request(change(&room("雑談"), first.seq, edit("明日は休み"))).await.expect("an edit");
    assert_eq!(found(&mut bob, "会議").await, ["会議の資料です"], "from the ack on");
    alice.request(change(&general(), second.seq, Action::DeleteMessage)).await.expect("a deletion");
    assert_eq!(found(&mut bob, "会議").await, [""; 0], "from the ack on");
    until_found(&mut bob, "休み", &["明日は休み"]).await;

    bob.request(Command::JoinRoom { room: room("雑談"), since: None }).await.expect("joined");
    bob.request(change(&room("雑談"), first.seq, react("👍"))).await.expect("a reaction");
    let results = search(&mut bob, "has:reaction", None).await.unwrap();
    let shared::RoomEvent::Posted(posted) = &results.hits[0].message else { panic!("{results:?}") };
    assert_eq!((posted.seq, posted.reactions[0].count), (first.seq, 1));
}

#[tokio::test]
async fn a_deserted_room_is_not_searched() {
    let server = TestServer::start().await;
    let (mut alice, mut bob) = (server.connect("alice").await, server.connect("bob").await);
    alice.join(&room("tea")).await;
    alice.say(&room("tea"), "a plan").await;
    until_found(&mut bob, "plan", &["a plan"]).await;
    alice.leave(&room("tea")).await;
    until_found(&mut bob, "plan", &[]).await;
    bob.join(&room("tea")).await;
    until_found(&mut bob, "plan", &["a plan"]).await;
}

#[tokio::test]
async fn a_search_that_cannot_be_is_answered_with_its_reason() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    for query in ["", "!?", "has:teeth", "before:yesterday", "r*"] {
        let failure = search(&mut alice, query, None).await.expect_err(query);
        assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::InvalidField, Some("query")));
    }
    for query in ["\" OR NEAR(", "a AND NOT bc*", "docs:x", "'; DROP TABLE docs"] {
        search(&mut alice, query, None).await.expect(query);
    }
}

#[tokio::test]
async fn over_http_a_session_finds_the_same_page_by_page() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    for number in 1..=3 {
        alice.say(&general(), &format!("word {number}")).await;
    }
    until_found(&mut alice, "word", &["word 3", "word 2"]).await;
    let ask = async |session: Option<&str>, query: &[(&str, &str)]| {
        let url = format!("http://{}/api/search", server.address);
        let request = reqwest::Client::new().get(reqwest::Url::parse_with_params(&url, query).unwrap());
        let request = match session {
            Some(session) => request.bearer_auth(session),
            None => request,
        };
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status(), answer.json::<Value>().await.unwrap())
    };
    let session = alice.session();
    let (status, page) = ask(Some(&session), &[("q", "word"), ("limit", "2")]).await;
    assert_eq!(status, StatusCode::OK);
    let socket = search(&mut alice, "word", None).await.unwrap();
    assert_eq!(page["hits"], serde_json::to_value(&socket.hits).unwrap());
    assert_eq!((&page["type"], &page["id"]), (&Value::Null, &Value::Null));
    let cursor = page["cursor"].to_string();
    let (_, page) = ask(Some(&session), &[("q", "word"), ("cursor", &cursor)]).await;
    assert_eq!((&page["hits"][0]["message"]["content"], &page["cursor"]), (&json!("word 1"), &Value::Null));
    assert_eq!(page["hits"].as_array().unwrap().len(), 1);
    let over_socket = search(&mut alice, "word", socket.cursor).await.unwrap();
    assert_eq!(texts(&over_socket), ["word 1"]);

    for (session, query, status, code, field) in [
        (None, &[("q", "word")][..], StatusCode::UNAUTHORIZED, "not_authenticated", None),
        (Some("made up"), &[("q", "word")], StatusCode::UNAUTHORIZED, "not_authenticated", None),
        (Some(&*session), &[], StatusCode::BAD_REQUEST, "missing_field", Some("q")),
        (
            Some(&*session),
            &[("q", "word"), ("limit", "51")],
            StatusCode::BAD_REQUEST,
            "invalid_field",
            Some("limit"),
        ),
        (
            Some(&*session),
            &[("q", "word"), ("limit", "x")],
            StatusCode::BAD_REQUEST,
            "invalid_field",
            Some("limit"),
        ),
        (
            Some(&*session),
            &[("q", "word"), ("cursor", "x")],
            StatusCode::BAD_REQUEST,
            "invalid_field",
            Some("cursor"),
        ),
        (Some(&*session), &[("q", "has:x")], StatusCode::BAD_REQUEST, "invalid_field", Some("query")),
    ] {
        let (answered, body) = ask(session, query).await;
        assert_eq!((answered, body["code"].as_str()), (status, Some(code)), "{query:?}");
        assert_eq!(body["field"].as_str(), field, "{query:?}");
    }
}

#[tokio::test]
async fn searches_over_http_are_slowed_down() {
    let server = TestServer::start_with(|config| config.rate_limits = true).await;
    let alice = server.connect("alice").await;
    let client = reqwest::Client::new();
    let url = format!("http://{}/api/search?q=word", server.address);
    let made_up = "0123456789abcdef".repeat(2);
    // Also with an unknown session: finding that out costs a database lookup.
    for (session, status) in [(alice.session(), StatusCode::OK), (made_up, StatusCode::UNAUTHORIZED)] {
        let mut slowed_down = false;
        for _ in 0..500 {
            let answer = client.get(&url).bearer_auth(&session).send().await.unwrap();
            if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                let body: Value = answer.json().await.unwrap();
                assert!(body["retry_after_ms"].is_u64());
                slowed_down = true;
                break;
            }
            assert_eq!(answer.status(), status);
        }
        assert!(slowed_down, "{status}");
    }
}

#[tokio::test]
async fn the_word_bearer_may_be_written_in_any_case() {
    let server = TestServer::start().await;
    let alice = server.connect("alice").await;
    let url = format!("http://{}/api/search?q=word", server.address);
    for (scheme, status) in [
        ("Bearer", StatusCode::OK),
        ("bearer", StatusCode::OK),
        ("BEARER", StatusCode::OK),
        ("bEaReR ", StatusCode::OK),
        ("Basic", StatusCode::UNAUTHORIZED),
    ] {
        let request = reqwest::Client::new().get(&url);
        let request = request.header("Authorization", format!("{scheme} {}", alice.session()));
        assert_eq!(request.send().await.unwrap().status(), status, "{scheme}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_before_a_kill_is_found_after_it() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..3 {
        let server = Process::start(folder.path(), &["--rate-limits", "off"]);
        let mut alice = server.connect("alice").await;
        for number in 0..20 {
            alice.say(&general(), &format!("round{round} 番号{number}")).await;
        }
        server.kill();
    }
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut bob = server.connect("bob").await;
    for round in 0..3 {
        until_found(&mut bob, &format!("round{round} \"番号19\""), &[&format!("round{round} 番号19")]).await;
    }
    assert_eq!(found(&mut bob, "番号7 round2").await, ["round2 番号7"], "once");
}

#[tokio::test]
async fn an_index_that_is_missing_or_broken_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    server.connect("alice").await.say(&general(), "still here").await;
    server.kill();
    for broken in [None, Some(&b"this is no database"[..]), Some(&[0x53; 8192])] {
        for suffix in ["-wal", "-shm", ""] {
            let file = folder.path().join(format!("hiroba-search.db{suffix}"));
            match broken.filter(|_| suffix.is_empty()) {
                Some(bytes) => std::fs::write(file, bytes).unwrap(),
                None => drop(std::fs::remove_file(file)),
            }
        }
        let server = Process::start(folder.path(), &[]);
        until_found(&mut server.connect("bob").await, "here", &["still here"]).await;
        server.kill();
    }
}
