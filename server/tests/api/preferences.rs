//! Favourites, muted rooms and blocked people, which follow an account to all its devices.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::account::{Preferences, SignUp};
use shared::{Command, ErrorCode, Failure, RoomAddress, Seq, ServerFrame, UserId, UserName, Whom};

use crate::accounts::{Browser, open};
use crate::direct::{converse, with};
use crate::doors::{account, create, entered, private};
use crate::harness::{
    Person, TestServer, change, chat, edit, general, joined, message, react, room, said, typing,
};

fn preferences(frame: &ServerFrame) -> Option<Preferences> {
    match frame {
        ServerFrame::Preferences(preferences) => Some(preferences.clone()),
        _ => None,
    }
}

fn names(rooms: &[RoomAddress]) -> Vec<&str> {
    rooms.iter().map(RoomAddress::as_str).collect()
}

impl Browser {
    async fn favour(&self, rooms: &[&str]) -> (StatusCode, Value) {
        let body = json!({ "rooms": rooms });
        self.ask(Method::PUT, "/api/v1/preferences/favourites", Some(body)).await
    }

    async fn mute(&self, method: Method, room: &str) -> (StatusCode, Value) {
        self.ask(method, &format!("/api/v1/preferences/rooms/{room}/muted"), None).await
    }

    async fn block(&self, method: Method, user: UserId) -> (StatusCode, Value) {
        self.ask(method, &format!("/api/v1/blocked/{user}"), None).await
    }

    /// Signs up and connects.
    async fn with_person(address: std::net::SocketAddr, name: &str) -> (Self, Person) {
        let browser = Self::sign_up(address, name).await;
        let mut person = browser.connect().await;
        person.expect(joined).await;
        (browser, person)
    }
}

async fn refused(person: &mut Person, command: Command) -> Failure {
    person.request(command).await.expect_err("it is refused")
}

#[tokio::test]
async fn what_an_account_prefers_is_told_to_all_its_devices_and_lasts() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let (mut laptop, mut phone) = (browser.connect().await, browser.connect().await);
    assert_eq!(laptop.expect(preferences).await, Preferences::default());
    phone.expect(preferences).await;
    let mut taro = account(&server, "taro").await;
    taro.expect(preferences).await;
    for order in [["tea", "general"], ["general", "tea"]] {
        assert_eq!(browser.favour(&order).await.0, StatusCode::NO_CONTENT);
        for device in [&mut laptop, &mut phone] {
            assert_eq!(names(&device.expect(preferences).await.favourites), order);
        }
    }
    assert_eq!(browser.mute(Method::PUT, "%E9%9B%91%E8%AB%87").await.0, StatusCode::NO_CONTENT);
    assert_eq!(names(&phone.expect(preferences).await.muted), ["雑談"]);
    assert_eq!(browser.block(Method::PUT, taro.id()).await.0, StatusCode::NO_CONTENT);
    let blocked = phone.expect(preferences).await.blocked;
    assert_eq!((blocked[0].user_id, blocked[0].user.as_str()), (taro.id(), "taro"));
    taro.expect_none(preferences).await;

    let (status, told) = browser.ask(Method::GET, "/api/v1/preferences", None).await;
    let expected = json!({
        "favourites": ["general", "tea"],
        "muted": ["雑談"],
        "blocked": [{ "user_id": taro.id(), "user": "taro" }],
    });
    assert_eq!((status, told), (StatusCode::OK, expected));
    let server = server.restart().await;
    let mut phone = Browser::sign_in(server.address, "hanako").await.connect().await;
    let kept = phone.expect(preferences).await;
    assert_eq!((names(&kept.favourites), names(&kept.muted)), (vec!["general", "tea"], vec!["雑談"]));
    assert_eq!(kept.blocked, blocked);
}

#[tokio::test]
async fn what_is_the_same_as_before_is_told_to_nobody_and_guests_prefer_nothing() {
    let server = open().await;
    let (browser, mut hanako) = Browser::with_person(server.address, "hanako").await;
    hanako.expect(preferences).await;
    browser.mute(Method::PUT, "tea").await;
    hanako.expect(preferences).await;
    assert_eq!(browser.mute(Method::PUT, "tea").await.0, StatusCode::NO_CONTENT);
    assert_eq!(browser.mute(Method::DELETE, "sake").await.0, StatusCode::NO_CONTENT);
    hanako.expect_none(preferences).await;
    let mut guest = server.connect("guest").await;
    guest.expect_none(preferences).await;
    let (status, _) = Browser::new(server.address).ask(Method::GET, "/api/v1/preferences", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let server = open().await;
    let (browser, hanako) = Browser::with_person(server.address, "hanako").await;
    let guest = server.connect("guest").await;
    let many: Vec<String> = (0..=200).map(|number| format!("room {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for rooms in [&many[..], &[""][..]] {
        let (status, body) = browser.favour(rooms).await;
        assert_eq!((status, &body["field"]), (StatusCode::BAD_REQUEST, &json!("rooms")));
    }
    assert_eq!(browser.favour(&many[..200]).await.0, StatusCode::NO_CONTENT);
    let nobody = UserId::new(uuid::Uuid::from_u128(1));
    for (user, code) in [(hanako.id(), "forbidden"), (guest.id(), "no_such_user"), (nobody, "no_such_user")] {
        assert_eq!(browser.block(Method::PUT, user).await.1["code"], code);
    }
    let (status, _) = browser.ask(Method::PUT, "/api/v1/blocked/taro", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_private_room_of_others_is_dropped_like_one_that_does_not_exist() {
    let server = open().await;
    let (browser, mut hanako) = Browser::with_person(server.address, "hanako").await;
    let mut taro = account(&server, "taro").await;
    let hidden = create(&mut taro, "hidden", &[]).await.room;
    let own = create(&mut hanako, "own", &[]).await.room;
    let talk = converse(&mut hanako, &[&taro]).await.room;
    let nowhere = "~00000000000000000000000000000000";
    browser.favour(&[hidden.as_str(), own.as_str(), nowhere, talk.as_str(), "general"]).await;
    let (_, told) = browser.ask(Method::GET, "/api/v1/preferences", None).await;
    assert_eq!(told["favourites"], json!([own, talk, general()]));
    let answers =
        [browser.mute(Method::PUT, hidden.as_str()).await, browser.mute(Method::PUT, nowhere).await];
    let [one, other] = answers.map(|(status, mut body)| {
        body["room"] = Value::Null;
        (status, body)
    });
    assert_eq!(one, other, "nobody learns which of them exists");
    assert_eq!((one.0, &one.1["code"]), (StatusCode::FORBIDDEN, &json!("not_a_member")));
    assert_eq!(browser.mute(Method::PUT, own.as_str()).await.0, StatusCode::NO_CONTENT);
    hanako.leave(&own).await;
    let (_, told) = browser.ask(Method::GET, "/api/v1/preferences", None).await;
    assert_eq!((&told["favourites"], &told["muted"]), (&json!([talk, general()]), &json!([])));
}

#[tokio::test]
async fn somebody_who_is_blocked_neither_begins_a_conversation_nor_writes_in_it() {
    let server = open().await;
    let (browser, mut hanako) = Browser::with_person(server.address, "hanako").await;
    let (mut taro, mut eva) = (account(&server, "taro").await, account(&server, "eva").await);
    let talk = converse(&mut taro, &[&hanako]).await.room;
    taro.say(&talk, "one").await;
    hanako.expect(entered).await;
    hanako.join(&talk).await;
    for blocked in [taro.id(), eva.id()] {
        assert_eq!(browser.block(Method::PUT, blocked).await.0, StatusCode::NO_CONTENT);
    }
    let failure = refused(&mut eva, with(vec![hanako.id()], &[])).await;
    assert_eq!((failure.code, failure.user_id), (ErrorCode::Forbidden, Some(hanako.id())));
    assert_eq!(failure.message, "this person does not take messages from you");
    for command in
        [chat(&talk, "two", None), change(&talk, Seq(1), edit("another")), change(&talk, Seq(1), react("👍"))]
    {
        let failure = refused(&mut taro, command).await;
        assert_eq!(failure.code, ErrorCode::Forbidden);
        assert_eq!(failure.message, "this person does not take messages from you");
    }
    taro.ask(Command::Typing { room: talk.clone(), is_typing: true }).await;
    taro.so_far().await;
    hanako.expect_none(typing("taro")).await;
    assert_eq!(converse(&mut taro, &[&hanako]).await.room, talk, "what was written can be read");

    hanako.say(&talk, "you cannot answer").await;
    while said(&taro.expect(message).await) != "you cannot answer" {}
    let group = converse(&mut taro, &[&hanako, &eva]).await.room;
    taro.say(&group, "groups are as before").await;
    assert_eq!(hanako.expect(entered).await, group);

    let server = server.restart().await;
    let browser = Browser::sign_in(server.address, "hanako").await;
    let mut taro = Browser::sign_in(server.address, "taro").await.connect().await;
    taro.join(&talk).await;
    assert_eq!(refused(&mut taro, chat(&talk, "two", None)).await.code, ErrorCode::Forbidden);
    assert_eq!(browser.block(Method::DELETE, taro.id()).await.0, StatusCode::NO_CONTENT);
    taro.say(&talk, "two").await;
    while said(&taro.expect(message).await) != "two" {}
}

#[tokio::test]
async fn somebody_who_is_blocked_invites_nobody_who_blocked_them() {
    let server = open().await;
    let (browser, mut hanako) = Browser::with_person(server.address, "hanako").await;
    let mut taro = account(&server, "taro").await;
    browser.block(Method::PUT, taro.id()).await;
    let failure = refused(&mut taro, private("plans", vec![hanako.id()])).await;
    assert_eq!((failure.code, failure.user_id), (ErrorCode::Forbidden, Some(hanako.id())));
    let den = create(&mut taro, "plans", &[]).await.room;
    let whom = Whom::Name(UserName::new("hanako").unwrap());
    let failure = refused(&mut taro, Command::Invite { room: den, whom }).await;
    assert_eq!((failure.code, failure.user_id), (ErrorCode::Forbidden, Some(hanako.id())));
    hanako.expect_none(entered).await;
    create(&mut hanako, "other plans", &[&taro]).await;
    taro.expect(entered).await;
}

#[tokio::test]
async fn what_somebody_blocked_writes_in_rooms_comes_and_is_not_counted() {
    let server = open().await;
    let (browser, mut hanako) = Browser::with_person(server.address, "hanako").await;
    let (mut taro, mut eva) = (account(&server, "taro").await, account(&server, "eva").await);
    browser.block(Method::PUT, taro.id()).await;
    let tea = room("tea");
    for person in [&mut hanako, &mut taro, &mut eva] {
        person.join(&tea).await;
    }
    taro.say(&tea, "one").await;
    eva.say(&tea, "two").await;
    while said(&hanako.expect(message).await) != "two" {}
    match hanako.request(Command::CountUnread { room: tea.clone() }).await {
        Ok(ServerFrame::Read { unread, .. }) => assert_eq!(unread.messages, 1),
        other => panic!("{other:?}"),
    }
    let mut again = browser.connect().await;
    let told = again.expect(|frame| joined(frame).filter(|joined| joined.room == tea)).await;
    assert_eq!((told.events.len(), told.unread.messages), (2, 1));
}

#[tokio::test]
async fn nobody_who_is_gone_is_in_a_list() {
    let server = open().await;
    let (browser, _hanako) = Browser::with_person(server.address, "hanako").await;
    let (other, taro) = Browser::with_person(server.address, "taro").await;
    browser.block(Method::PUT, taro.id()).await;
    let body = json!({ "password": crate::accounts::PASSWORD, "delete_messages": false });
    let (status, _) = other.ask(Method::POST, "/api/v1/account/delete", Some(body)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, told) = browser.ask(Method::GET, "/api/v1/preferences", None).await;
    assert_eq!(told["blocked"], json!([]));
}

#[tokio::test]
async fn changes_have_a_rate() {
    let server = TestServer::start_with(|config| {
        config.entrance.sign_up = Some(SignUp::Open);
        config.rate_limits = true;
    })
    .await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut codes = Vec::new();
    for _ in 0..150 {
        codes.push(browser.favour(&["general"]).await.0);
    }
    assert!(codes[..40].iter().all(|code| *code == StatusCode::NO_CONTENT), "{codes:?}");
    assert!(codes.contains(&StatusCode::TOO_MANY_REQUESTS));
}
