//! Changing the name of an account.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{Auth, ServerFrame};

use crate::accounts::{Browser, open};
use crate::harness::{TestServer, general, guest, message, room};

impl Browser {
    async fn rename(&self, name: &str) -> (StatusCode, Value) {
        self.ask(Method::PATCH, "/api/v1/account", Some(json!({ "name": name }))).await
    }
}

fn changed(frame: &ServerFrame) -> Option<(String, shared::UserId)> {
    match frame {
        ServerFrame::UserChanged { user, user_id, .. } => Some((user.to_string(), *user_id)),
        _ => None,
    }
}

#[tokio::test]
async fn everybody_sees_a_new_name_at_once_and_nobody_gets_the_old_one() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "Hanako").await;
    let (mut laptop, mut phone) = (browser.connect().await, browser.connect().await);
    let mut bob = server.connect("bob").await;
    laptop.say(&general(), "by the old name").await;
    assert_eq!(bob.expect(message).await.sender.as_str(), "Hanako");
    let mut look_alike = server.connect("Flower").await;
    let (status, account) = browser.rename(" Flower ").await;
    assert_eq!((status, &account["name"]), (StatusCode::OK, &json!("Flower")), "{account}");
    for person in [&mut laptop, &mut phone, &mut bob] {
        while person.expect(changed).await != ("Flower".to_owned(), laptop_id(&account)) {}
    }
    assert_eq!(look_alike.expect(changed).await.0, "Flower-2", "a guest gives way");
    phone.say(&general(), "by the new name").await;
    while bob.expect(message).await.sender.as_str() != "Flower" {}

    let server = server.restart().await;
    let early = server.connect("Hanako").await;
    assert_eq!(early.name(), "Hanako-2", "for thirty days");
    let mut other = Browser::new(server.address);
    let (status, body) = other.enter("/api/v1/sign-up", "hanako", "an uncommon password").await;
    assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("name_taken")));
    assert_eq!(
        other.enter("/api/v1/sign-in", "Hanako", "an uncommon password").await.0,
        StatusCode::UNAUTHORIZED
    );
    let browser = Browser::sign_in(server.address, "flower").await;
    assert_eq!(browser.connect().await.name(), "Flower");
    assert_eq!(browser.rename("Hanako").await.0, StatusCode::OK, "it is still theirs");
}

fn laptop_id(account: &Value) -> shared::UserId {
    serde_json::from_value(account["user_id"].clone()).unwrap()
}

#[tokio::test]
async fn a_name_that_is_not_possible_is_refused() {
    let server = open().await;
    let (hanako, bob) =
        (Browser::sign_up(server.address, "hanako").await, Browser::sign_up(server.address, "bob").await);
    for (name, status, code) in [
        ("BOB", 409, "name_taken"),
        ("bоb", 409, "name_taken"),
        ("everyone", 409, "name_taken"),
        ("", 400, "invalid_name"),
    ] {
        let (refused, body) = hanako.rename(name).await;
        assert_eq!((refused.as_u16(), body["code"].as_str().unwrap()), (status, code), "{name}");
        assert_eq!(body["field"], "name", "{name}");
    }
    for number in 0..5 {
        assert_eq!(bob.rename(&format!("bob the {number}th")).await.0, StatusCode::OK);
    }
    let (status, body) = bob.rename("one too many").await;
    assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("too_many")));
    assert_eq!(bob.connect().await.name(), "bob the 4th");
}

#[tokio::test]
async fn a_call_means_the_present_name() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut hanako = browser.connect().await;
    hanako.join(&room("tea")).await;
    assert_eq!(browser.rename("yuki").await.0, StatusCode::OK);
    let mut bob = server.open().await;
    bob.sign_in(Auth { rooms: Some(Vec::new()), ..guest("bob") }).await;
    bob.join(&room("tea")).await;
    bob.say(&room("tea"), "@hanako?").await;
    bob.say(&room("tea"), "@yuki!").await;
    let (first, second) = (hanako.expect(message).await, hanako.expect(message).await);
    assert!(first.mentions.users.is_empty() && second.mentions.users == [hanako.id()]);
}

#[tokio::test]
async fn whoever_comes_back_learns_the_names_that_were_changed_meanwhile() {
    let server = open().await;
    let (yuki, taro) =
        (Browser::sign_up(server.address, "hanako").await, Browser::sign_up(server.address, "taro").await);
    let mut hanako = yuki.connect().await;
    hanako.say(&general(), "as hanako").await;
    taro.connect().await.say(&general(), "as taro").await;
    let (bob, joined) = server.connect_joined("bob").await;
    let (session, position) = (bob.session(), shared::Position { epoch: joined.epoch, seq: joined.seq });
    bob.close(1001).await;
    assert_eq!(yuki.rename("yuki").await.0, StatusCode::OK);
    let body = json!({ "password": "an uncommon password", "delete_messages": false });
    assert_eq!(taro.ask(Method::POST, "/api/v1/account/delete", Some(body)).await.0, StatusCode::NO_CONTENT);
    let again = async |server: &TestServer| {
        let mut bob = server.resume(&session, &[(&general(), position)]).await;
        let joined = bob.expect(crate::harness::joined).await;
        assert!(joined.events.is_empty() && !joined.snapshot, "nobody wrote anything");
        let so_far = bob.so_far().await;
        let mut told: Vec<_> =
            so_far.iter().filter_map(|(_, frame)| changed(frame)).map(|(name, _)| name).collect();
        told.sort();
        bob.close(1001).await;
        told
    };
    assert_eq!(again(&server).await, ["deleted user", "yuki"]);
    let server = server.restart().await;
    assert_eq!(again(&server).await, ["deleted user", "yuki"], "also of another run");
}

#[tokio::test]
async fn whoever_reads_old_messages_learns_the_present_names_once() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut hanako = browser.connect().await;
    let first = hanako.say(&general(), "as hanako").await;
    hanako.say(&general(), "again as hanako").await;
    hanako.leave(&general()).await;
    assert_eq!(browser.rename("yuki").await.0, StatusCode::OK);
    let server = server.restart().await;

    let mut bob = server.open().await;
    bob.sign_in(guest("bob")).await;
    let told = loop {
        match bob.next().await {
            ServerFrame::UserChanged { user, user_id, .. } => break (user.to_string(), user_id),
            ServerFrame::Joined(_) => panic!("the names come first"),
            _ => {}
        }
    };
    assert_eq!(told, ("yuki".to_owned(), hanako.id()));
    let joined = bob.expect(crate::harness::joined).await;
    let senders = joined.events.iter().filter_map(|event| match event {
        shared::RoomEvent::Posted(posted) => Some(posted.sender.as_str()),
        _ => None,
    });
    assert_eq!(senders.collect::<Vec<_>>(), ["hanako", "hanako"], "events keep their name");
    for command in [
        shared::Command::GetMessages { room: general(), seqs: vec![first.seq] },
        shared::Command::Search { query: "hanako".to_owned(), limit: None, cursor: None },
    ] {
        bob.request(command).await.unwrap();
    }
    let so_far = bob.so_far().await;
    assert!(!so_far.iter().any(|(_, frame)| changed(frame).is_some()), "they are told once");
    let browser = Browser::sign_in(server.address, "yuki").await;
    assert_eq!(browser.rename("fuyu").await.0, StatusCode::OK);
    bob.ask(shared::Command::GetMessages { room: general(), seqs: vec![first.seq] }).await;
    assert_eq!(bob.expect(changed).await.0, "fuyu", "and again when it is another one");
}
