//! What accounts tell others of themselves.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::account::{Profile, SignUp};
use shared::{Auth, Command, ServerFrame, UserId};

use crate::accounts::{Browser, open};
use crate::harness::{Person, TestServer, general, guest, joined, message, room};

impl Browser {
    async fn tell(&self, profile: Value) -> (StatusCode, Value) {
        self.ask(Method::PUT, "/api/v1/profile", Some(profile)).await
    }
}

/// What a frame tells of somebody.
fn told(frame: &ServerFrame) -> Option<(UserId, Option<Profile>)> {
    match frame {
        ServerFrame::UserChanged { user_id, profile, .. } => Some((*user_id, profile.as_deref().cloned())),
        _ => None,
    }
}

fn profile(of: &Value) -> Profile {
    Profile::parse(&of.to_string()).unwrap()
}

async fn newcomer(server: &TestServer, name: &str) -> Person {
    let mut person = server.open().await;
    person.sign_in(Auth { rooms: Some(Vec::new()), ..guest(name) }).await;
    person
}

#[tokio::test]
async fn everybody_who_shares_a_room_sees_a_profile_at_once_and_who_comes_later_sees_it_too() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "山田花子").await;
    let (mut laptop, mut phone) = (browser.connect().await, browser.connect().await);
    let (mut bob, mut stranger) = (server.connect("bob").await, newcomer(&server, "stranger").await);
    let lunch = json!({
        "reading": "やまだ はなこ", "status_emoji": "🍱", "status": "お昼", "status_until": "2099-01-01T00:00:00.000Z",
        "colour": 3, "do_not_disturb_until": "2099-01-01T00:00:00.000Z", "time_zone": "Asia/Tokyo",
    });
    let (status, body) = browser.tell(lunch.clone()).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    let expected = (laptop.id(), Some(profile(&lunch)));
    for person in [&mut laptop, &mut phone, &mut bob] {
        assert_eq!(person.expect(told).await, expected);
    }
    assert!(!stranger.so_far().await.iter().any(|(_, frame)| told(frame).is_some()), "they never met");
    let (_, account) = browser.ask(Method::GET, "/api/v1/account", None).await;
    assert_eq!(account["profile"], lunch);

    let server = server.restart().await;
    let mut late = server.open().await;
    late.sign_in(guest("late")).await;
    assert_eq!(late.expect(told).await, expected, "as a member");
    let mut demo = server.demo("demo").await;
    let browser = Browser::sign_in(server.address, "山田花子").await;
    let mut hanako = browser.connect().await;
    assert_eq!(hanako.expect(told).await, expected, "themselves");
    hanako.join(&room("tea")).await;
    assert_eq!(browser.tell(json!({"status": "", "colour": null})).await.0, StatusCode::NO_CONTENT);
    assert_eq!(late.expect(told).await, (expected.0, None), "nothing any more");
    hanako.say(&general(), "hello").await;
    loop {
        let (text, frame) = demo.next_with_text().await;
        assert!(!text.contains("user_changed"), "the demo's clients know no profiles: {text}");
        if message(&frame).is_some() {
            break;
        }
    }
}

#[tokio::test]
async fn a_profile_comes_with_whoever_comes_in_and_with_what_they_wrote() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    assert_eq!(browser.tell(json!({"status": "busy"})).await.0, StatusCode::NO_CONTENT);
    let mut hanako = browser.connect().await;
    let mut bob = newcomer(&server, "bob").await;
    bob.join(&room("tea")).await;
    hanako.join(&room("tea")).await;
    let known = bob.expect(told).await;
    assert_eq!(known.1.unwrap().status.unwrap().as_str(), "busy");

    let written = hanako.say(&room("tea"), "and gone").await;
    hanako.leave(&room("tea")).await;
    let mut carol = server.open().await;
    carol.sign_in(Auth { rooms: Some(Vec::new()), ..guest("carol") }).await;
    carol.ask(Command::JoinRoom { room: room("tea"), since: None }).await;
    let mut known = None;
    loop {
        let frame = carol.next().await;
        if joined(&frame).is_some() {
            break;
        }
        known = told(&frame).or(known);
    }
    assert_eq!(known.unwrap().0, hanako.id(), "before what they wrote");
    let page = Command::GetMessages { room: room("tea"), seqs: vec![written.seq] };
    carol.request(page).await.unwrap();
    assert!(!carol.so_far().await.iter().any(|(_, frame)| told(frame).is_some()), "they are told once");
}

#[tokio::test]
async fn a_profile_that_is_not_possible_is_refused_and_changes_nothing() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    assert_eq!(browser.tell(json!({"status": "here"})).await.0, StatusCode::NO_CONTENT);
    for (refused, field) in [
        (json!({"status": "x".repeat(81)}), "status"),
        (json!({"status": "a\u{202E}b"}), "status"),
        (json!({"status": 1}), "status"),
        (json!({"status_emoji": "ab"}), "status_emoji"),
        (json!({"status_until": "tomorrow"}), "status_until"),
        (json!({"colour": 8}), "colour"),
        (json!({"reading": "あ".repeat(49)}), "reading"),
        (json!({"time_zone": "<b>"}), "time_zone"),
    ] {
        let (status, body) = browser.tell(refused.clone()).await;
        assert_eq!((status, &body["field"]), (StatusCode::BAD_REQUEST, &json!(field)), "{refused}");
    }
    let (_, account) = browser.ask(Method::GET, "/api/v1/account", None).await;
    assert_eq!(account["profile"], json!({"status": "here"}));
    let mut nobody = Browser::new(server.address);
    nobody.token = Some("x.y.z".to_owned());
    assert_eq!(nobody.tell(json!({})).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_profile_that_changes_all_the_time_is_refused_for_a_moment() {
    let server = TestServer::start_with(|config| {
        config.entrance.sign_up = Some(SignUp::Open);
        config.rate_limits = true;
    })
    .await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut refused = None;
    for number in 0..40 {
        let (status, body) = browser.tell(json!({"status": format!("{number}")})).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(body);
            break;
        }
    }
    let refused = refused.expect("the bucket has an end");
    assert!(refused["retry_after_ms"].as_u64().unwrap() > 0, "{refused}");
}

#[tokio::test]
async fn nothing_of_a_deleted_account_is_told_any_more() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    assert_eq!(browser.tell(json!({"status": "busy", "reading": "はなこ"})).await.0, StatusCode::NO_CONTENT);
    let mut hanako = browser.connect().await;
    hanako.say(&general(), "before I go").await;
    let body = json!({"password": crate::accounts::PASSWORD, "delete_messages": false});
    let (status, _) = browser.ask(Method::POST, "/api/v1/account/delete", Some(body)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let meets_nobody = async |server: &TestServer| {
        let mut late = server.open().await;
        late.sign_in(guest("late")).await;
        assert_eq!(late.expect(told).await, (hanako.id(), None), "only that the name is another one");
    };
    meets_nobody(&server).await;
    meets_nobody(&server.restart().await).await;
}
