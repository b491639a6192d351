//! Deleting one's account.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{CloseCode, Command, RoomEvent, ServerFrame};

use crate::accounts::{Browser, open};
use crate::harness::{Person, eventually, general, guest, joined, message, room, said};

const PASSWORD: &str = "an uncommon password";

impl Browser {
    async fn delete_account(&self, password: &str, delete_messages: bool) -> (StatusCode, Value) {
        let body = json!({ "password": password, "delete_messages": delete_messages });
        self.ask(Method::POST, "/api/v1/account/delete", Some(body)).await
    }
}

fn changed(frame: &ServerFrame) -> Option<String> {
    match frame {
        ServerFrame::UserChanged { user, .. } => Some(user.to_string()),
        _ => None,
    }
}

/// The texts in `general`, as somebody who comes now reads them.
async fn texts(reader: &mut Person) -> Vec<Option<String>> {
    let joined = reader.expect(joined).await;
    let texts = joined.events.into_iter().filter_map(|event| match event {
        RoomEvent::Posted(posted) => Some(posted.content.map(|text| text.to_string())),
        _ => None,
    });
    texts.collect()
}

#[tokio::test]
async fn who_deletes_the_account_is_gone_and_the_messages_are_nobodys() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let (mut laptop, mut phone) = (browser.connect().await, browser.connect().await);
    let (mut bob, id) = (server.connect("bob").await, laptop.id());
    laptop.join(&room("tea")).await;
    laptop.say(&general(), "I was here").await;
    assert_eq!(said(&bob.expect(message).await), "I was here");
    let (status, body) = browser.delete_account("not the password", false).await;
    assert_eq!((status, &body["code"]), (StatusCode::UNAUTHORIZED, &json!("wrong_credentials")));
    let (status, body) =
        browser.ask(Method::POST, "/api/v1/account/delete", Some(json!({ "password": PASSWORD }))).await;
    assert_eq!((status, &body["field"]), (StatusCode::BAD_REQUEST, &json!("delete_messages")));

    assert_eq!(browser.delete_account(PASSWORD, false).await.0, StatusCode::NO_CONTENT);
    for person in [&mut laptop, &mut phone] {
        assert_eq!(person.closed().await.code(), Some(CloseCode::SessionEnded.code()));
    }
    let left = |frame: &ServerFrame| match frame {
        ServerFrame::UserLeft { user_id, .. } => Some(*user_id),
        _ => None,
    };
    assert_eq!(bob.expect(changed).await, "deleted user", "on every page that shows what it wrote");
    assert_eq!(bob.expect(left).await, id, "it is no member any more");
    let (status, _) = browser.ask(Method::GET, "/api/v1/account", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, body) = Browser::new(server.address).enter("/api/v1/sign-in", "hanako", PASSWORD).await;
    assert_eq!((status, &body["code"]), (StatusCode::UNAUTHORIZED, &json!("wrong_credentials")));

    let server = server.restart().await;
    let mut carol = server.open().await;
    carol.sign_in(guest("carol")).await;
    assert_eq!(carol.expect(changed).await, "deleted user");
    assert_eq!(texts(&mut carol).await, [Some("I was here".to_owned())]);
    for name in ["hanako", "Deleted User"] {
        let (status, body) = Browser::new(server.address).enter("/api/v1/sign-up", name, PASSWORD).await;
        assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("name_taken")), "{name}");
        assert_ne!(server.connect(name).await.name(), name);
    }
}

#[tokio::test]
async fn messages_go_with_the_account_if_one_wants_it_also_over_a_restart() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut hanako = browser.connect().await;
    let mut bob = server.connect("bob").await;
    bob.say(&general(), "bob stays").await;
    for number in 0..30 {
        hanako.say(&general(), &format!("mine {number}")).await;
    }
    hanako.join(&room("tea")).await;
    hanako.say(&room("tea"), "also here").await;
    bob.join(&room("tea")).await;
    assert_eq!(browser.delete_account(PASSWORD, true).await.0, StatusCode::NO_CONTENT);
    bob.expect(|frame| matches!(frame, ServerFrame::Event(RoomEvent::Changed(_))).then_some(())).await;
    let server = server.restart().await;
    eventually("every message is gone", async || {
        let mut reader = server.open().await;
        reader.sign_in(guest("reader")).await;
        let general = texts(&mut reader).await;
        reader.join(&room("tea")).await;
        let found = reader
            .request(Command::Search { query: "also".to_owned(), limit: None, cursor: None })
            .await
            .unwrap();
        let ServerFrame::SearchResults(found) = found else { panic!("{found:?}") };
        let left: Vec<String> = general.into_iter().flatten().collect();
        (left == ["bob stays"] && found.hits.is_empty()).then_some(())
    })
    .await;
    let folder = server.stop().await;
    hiroba::maintenance::check(folder.path()).await.expect("everything is whole");
}
