//! Requests of the protocol over HTTP: the same answers as on the socket, and nobody notices the one who asks.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::{Command, ErrorCode, PresenceStatus, ServerFrame, Whom};
use tokio::sync::Semaphore;

use crate::accounts::{Browser, open};
use crate::doors::{account, create, entered, remove};
use crate::harness::api::{self, Api};
use crate::harness::{At, chat, eventually, general, history, joined, message, new_id, presence, room, said};

async fn ok(api: &Api, token: &str, command: Value) -> Value {
    let (status, text) = api.send(token, &command).await;
    assert!(status.is_success(), "{command}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

#[tokio::test]
async fn one_does_over_http_what_one_does_on_the_socket() {
    let server = open().await;
    let api = Api::of(server.address).await;
    let token = Browser::sign_up(server.address, "hanako").await.token.unwrap();
    let mut taro = account(&server, "taro").await;
    let ask = async |command: Value| ok(&api, &token, command).await;

    let made =
        ask(json!({ "type": "create_room", "kind": "private", "title": "Den", "user_ids": [taro.id()] }))
            .await;
    assert_eq!((&made["type"], &made["details"]["title"]), (&json!("joined"), &json!("Den")));
    let den = made["room"].clone();
    assert!(made.get("id").is_none(), "the id is of this server, and nobody asked for it");
    let address = taro.expect(entered).await;
    taro.join(&address).await;
    let wrote = ask(json!({ "type": "chat", "room": den, "content": "こんにちは" })).await;
    assert_eq!(wrote["type"], "ack");
    let seq = wrote["seq"].clone();
    let heard = taro.expect(message).await;
    assert_eq!((said(&heard), heard.sender.as_str()), ("こんにちは", "hanako"));

    let edited = ask(json!({ "type": "edit_message", "room": den, "target": seq, "content": "やあ" })).await;
    assert_eq!(edited["message_id"], wrote["message_id"]);
    ask(json!({ "type": "add_reaction", "room": den, "target": seq, "emoji": "👍" })).await;
    ask(json!({ "type": "pin_message", "room": den, "target": seq })).await;
    let page = ask(json!({ "type": "history", "room": den, "limit": 10 })).await;
    let one = page["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&one["content"], &one["pinned"], &one["reactions"][0]["count"]),
        (&json!("やあ"), &json!(true), &json!(1))
    );
    let same = ask(json!({ "type": "get_messages", "room": den, "seqs": [seq] })).await;
    assert_eq!(same["events"], json!([one]));
    assert_eq!(ask(json!({ "type": "list_pins", "room": den })).await["events"], json!([one]));
    let versions = ask(json!({ "type": "list_versions", "room": den, "target": seq })).await;
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
    let who = ask(json!({ "type": "list_reactors", "room": den, "target": seq, "emoji": "👍" })).await;
    assert_eq!(who["users"].as_array().unwrap().len(), 1);
    let members = ask(json!({ "type": "members", "room": den })).await;
    assert_eq!(members["members"].as_array().unwrap().len(), 2);
    taro.say(&address, "from the socket").await;
    let unread = ask(json!({ "type": "count_unread", "room": den })).await;
    assert_eq!(unread["unread"]["messages"], 1);
    eventually("it is found", || async {
        let found = ask(json!({ "type": "search", "query": "socket" })).await;
        (found["hits"].as_array().unwrap().len() == 1).then_some(())
    })
    .await;
    ask(json!({ "type": "remove_member", "room": den, "user_id": taro.id() })).await;
    taro.expect(|frame| matches!(frame, ServerFrame::Left { by: Some(_), .. }).then_some(())).await;
    let left = ask(json!({ "type": "leave_room", "room": den })).await;
    assert_eq!(left["type"], "left");
    let (status, _) = api.send(&token, &json!({ "type": "history", "room": den })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

/// A request is repeated when its answer was lost.
#[tokio::test]
async fn a_repeated_message_is_one() {
    let server = open().await;
    let api = Api::of(server.address).await;
    let token = Browser::sign_up(server.address, "hanako").await.token.unwrap();
    let write = chat(&general(), "once", new_id());
    let first = api.ask(&token, &write).await.unwrap();
    assert_eq!(api.ask(&token, &write).await.unwrap(), first);
    let page = api.ask(&token, &history(&general(), At::Latest, None)).await;
    assert_eq!(page.unwrap()["events"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_asks_over_http_is_not_here() {
    let server = open().await;
    let api = Api::of(server.address).await;
    let token = Browser::sign_up(server.address, "hanako").await.token.unwrap();
    let mut taro = account(&server, "taro").await;
    taro.join(&general()).await;
    api.ask(&token, &chat(&general(), "hello", new_id())).await.unwrap();
    let arrives = taro.expect(|frame| match frame {
        ServerFrame::UserJoined { user, .. } => Some(user.to_string()),
        _ => None,
    });
    assert_eq!(arrives.await, "hanako");
    taro.expect(message).await;
    let members = taro.request(Command::Members { room: general(), after: None, limit: None }).await;
    let Ok(ServerFrame::Members { members, .. }) = members else { panic!("{members:?}") };
    let hanako = members.iter().find(|member| member.username.as_str() == "hanako").unwrap();
    assert_eq!(hanako.status, PresenceStatus::Offline);
    for _ in 0..3 {
        api.ask(&token, &chat(&general(), "again", new_id())).await.unwrap();
    }
    // Changes of presence of a room are told together, so that one of somebody else shows that there was none of hers.
    let mut jiro = account(&server, "jiro").await;
    jiro.join(&general()).await;
    let (mut is_shown, mut is_jiro, mut shown) = (presence("hanako"), presence("jiro"), Vec::new());
    for status in [PresenceStatus::Away, PresenceStatus::Online] {
        jiro.be(status).await;
        taro.expect(|frame| {
            shown.extend(is_shown(frame));
            is_jiro(frame).filter(|told| *told == status)
        })
        .await;
    }
    assert!(shown.iter().all(|status| *status == PresenceStatus::Offline), "{shown:?}");

    // And it takes nothing from those who are.
    let mut at_desk = Browser { token: Some(token.clone()), ..Browser::new(server.address) }.connect().await;
    at_desk.expect(joined).await;
    taro.expect(|frame| is_shown(frame).filter(|status| *status == PresenceStatus::Online)).await;
    api.ask(&token, &chat(&general(), "a third time", new_id())).await.unwrap();
    assert_eq!(said(&at_desk.expect(message).await), "a third time");
}

#[tokio::test]
async fn a_guest_asks_while_it_is_here() {
    let server = open().await;
    let api = Api::of(server.address).await;
    let mut bob = server.connect("Bob").await;
    let token = api::token(server.address, &bob).await;
    bob.join(&room("tea")).await;
    api.ask(&token, &chat(&room("tea"), "over HTTP", new_id())).await.unwrap();
    assert_eq!(said(&bob.expect(message).await), "over HTTP");
    bob.close(1_000).await;
    let refused = eventually("it has gone", || async {
        api.ask(&token, &chat(&room("tea"), "from nowhere", new_id())).await.err()
    })
    .await;
    assert_eq!(refused, ErrorCode::NotAuthenticated);
}

#[tokio::test]
async fn nobody_asks_without_being_signed_in() {
    let server = open().await;
    let api = Api::of(server.address).await;
    let mut browser = Browser::sign_up(server.address, "hanako").await;
    let token = browser.token.clone().unwrap();
    let list = Command::ListRooms { after: None, limit: None };
    assert!(api.ask(&token, &list).await.is_ok());
    for wrong in ["", "x", "00000000000000000000000000000000", &token[1..]] {
        assert_eq!(api.ask(wrong, &list).await, Err(ErrorCode::NotAuthenticated), "{wrong}");
    }
    assert_eq!(browser.post("/api/v1/sign-out", None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(api.ask(&token, &list).await, Err(ErrorCode::NotAuthenticated));
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let server = open().await;
    let api = Api::of(server.address).await;
    let token = Browser::sign_up(server.address, "hanako").await.token.unwrap();
    let ask = async |command: Value| {
        let (status, text) = api.send(&token, &command).await;
        let body: Value = serde_json::from_str(&text).unwrap();
        (
            status.as_u16(),
            body["code"].as_str().unwrap().to_owned(),
            body["field"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let refusal = |status, code: &str, field: &str| (status, code.to_owned(), field.to_owned());
    assert_eq!(
        ask(json!({ "type": "chat", "room": "general", "content": " " })).await,
        refusal(400, "content_empty", "content")
    );
    assert_eq!(
        ask(json!({ "type": "history", "room": "general", "limit": "x" })).await,
        refusal(400, "invalid_field", "limit")
    );
    assert_eq!(
        ask(json!({ "type": "history", "room": "elsewhere" })).await,
        refusal(403, "not_a_member", "")
    );
    let path = format!("http://{}/api/v1/rooms/general/messages", server.address);
    let form = reqwest::Client::new().post(path).bearer_auth(&token).body("content=hi").send().await.unwrap();
    assert_eq!(form.status(), StatusCode::BAD_REQUEST);
}

/// Whoever is removed while an answer is on its way gets none of what was written since.
#[tokio::test]
async fn no_answer_over_http_has_what_came_after_a_removal() {
    let server = open().await;
    let api = Api::of(server.address).await;
    let mut hanako = account(&server, "hanako").await;
    let browser = Browser::sign_up(server.address, "bob").await;
    let (mut bob, token) = (browser.connect().await, browser.token.unwrap());
    let den = create(&mut hanako, "den", &[]).await.room;
    let invite = Command::Invite { room: den.clone(), whom: Whom::Id(bob.id()) };
    let requests = ["history", "search", "members", "list_pins", "count_unread"];
    let mut met = 0;
    for round in 0..100 {
        let _ = hanako.request(invite.clone()).await.unwrap();
        bob.expect(entered).await;
        let (removal, secret) = (remove(&den, &bob), format!("secret-{round}- words"));
        // After another number of answers each time.
        let answered = Semaphore::new(0);
        let removing = async {
            let _ = answered.acquire_many(round % 4).await.unwrap();
            hanako.request(removal).await.unwrap();
            hanako.say(&den, &secret).await;
        };
        let asking = async {
            let mut answers = Vec::new();
            for kind in requests {
                let mut request = json!({ "type": kind });
                match kind {
                    "search" => request["query"] = "words".into(),
                    _ => request["room"] = den.as_str().into(),
                }
                answers.push(api.send(&token, &request).await);
                answered.add_permits(1);
            }
            answers
        };
        let ((), answers) = tokio::join!(removing, asking);
        for (status, text) in &answers {
            assert!(!text.contains(&secret), "round {round}: {status} {text}");
        }
        let refused = answers.iter().filter(|(status, _)| !status.is_success()).count();
        met += usize::from(refused > 0 && refused + 1 < requests.len());
        let _: Vec<_> = bob.so_far().await;
    }
    assert!(met > 0, "no removal met a request");
}
