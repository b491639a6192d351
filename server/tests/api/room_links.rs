//! Links into rooms: whom they let in, where they lead, and when they do not any more.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::limits::ROOMS_PER_PERSON;
use shared::{Change, Command, ErrorCode, RestrictionKind, RoomAddress, RoomRole, ServerFrame, Whom};

use crate::accounts::open;
use crate::doors::{create, remove};
use crate::harness::{Person, TestServer, database, room};
use crate::permissions::set_role;
use crate::reports::{ask, path_of, somebody};

pub async fn make(server: &TestServer, token: &str, room: &RoomAddress, body: Value) -> (StatusCode, Value) {
    ask(server, token, Method::POST, &format!("{}/links", path_of(room)), Some(body)).await
}

/// Makes a link and returns its id and its secret.
async fn link(server: &TestServer, token: &str, room: &RoomAddress) -> (String, String) {
    let (status, body) = make(server, token, room, json!({ "expires_in": 3600, "uses": 5 })).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let text = |field: &str| body[field].as_str().unwrap().to_owned();
    (text("id"), text("link"))
}

async fn enter(server: &TestServer, token: &str, link: &str) -> (StatusCode, Value) {
    ask(server, token, Method::POST, "/api/v1/join", Some(json!({ "link": link }))).await
}

/// Asks where a link leads, as nobody.
async fn preview(server: &TestServer, link: &str) -> (StatusCode, Value) {
    let request = reqwest::Client::new().post(format!("http://{}/api/v1/join/preview", server.address));
    let answer = request.json(&json!({ "link": link })).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// Checks that a link is as one that never was.
async fn has_ended(server: &TestServer, token: &str, link: &str) {
    let never = "0123456789abcdef0123456789abcdef";
    let told = (enter(server, token, link).await, preview(server, link).await);
    assert_eq!(told, (enter(server, token, never).await, preview(server, never).await));
    assert_eq!((told.0.0, told.0.1["code"].as_str()), (StatusCode::GONE, Some("link_ended")));
}

async fn links(server: &TestServer, token: &str, room: &RoomAddress) -> Vec<Value> {
    let (status, body) = ask(server, token, Method::GET, &format!("{}/links", path_of(room)), None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["links"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_link_lets_guests_and_accounts_in_as_an_invitation_does() {
    let server = open().await;
    let (host, mut at_host) = somebody(&server, "host").await;
    let den = create(&mut at_host, "新製品", &[]).await.room;
    let (_, secret) = link(&server, &host, &den).await;
    let (status, told) = preview(&server, &secret).await;
    assert_eq!(
        (status, told),
        (StatusCode::OK, json!({ "title": "新製品", "kind": "private", "member_count": 1 }))
    );

    let mut guest = server.connect("guest").await;
    let (member, mut at_member) = somebody(&server, "member").await;
    for (token, person) in [(guest.session(), &mut guest), (member.clone(), &mut at_member)] {
        let (status, body) = enter(&server, &token, &secret).await;
        assert_eq!((status, body), (StatusCode::OK, json!({ "room": den.as_str() })));
        let by = person.expect(|frame| match frame {
            ServerFrame::Entered { room, by } if *room == den => by.clone(),
            _ => None,
        });
        assert_eq!(by.await.user_id, at_host.id());
        person.join(&den).await;
        let id = person.id();
        let added = at_host.expect(|frame| match frame {
            ServerFrame::Event(shared::RoomEvent::Changed(changed)) => match &changed.change {
                Change::MemberAdded { member, .. } if member.user_id == id => changed.by.clone(),
                _ => None,
            },
            _ => None,
        });
        assert_eq!(added.await.user_id, at_host.id());
    }
    assert_eq!(
        enter(&server, &member, &secret).await.0,
        StatusCode::OK,
        "who is in it just learns where it is"
    );
    let left = links(&server, &host, &den).await;
    assert_eq!((left.len(), &left[0]["uses_left"]), (1, &json!(3)));
    assert!(!left[0].to_string().contains(&secret), "the secret was told once");
    let mut database = database(server.folder()).await;
    let stored: Vec<u8> =
        sqlx::query_scalar("SELECT secret FROM room_links").fetch_one(&mut database).await.unwrap();
    assert_eq!(stored, hiroba::secret::hash(&secret), "and only its hash is kept");
}

#[tokio::test]
async fn a_link_that_ended_looks_like_one_that_never_was() {
    let server = open().await;
    let (host, mut at_host) = somebody(&server, "host").await;
    let (member, mut at_member) = somebody(&server, "member").await;
    let (stranger, _at_stranger) = somebody(&server, "stranger").await;
    let den = create(&mut at_host, "den", &[&at_member]).await.room;
    at_member.join(&den).await;
    // It was withdrawn.
    let (id, secret) = link(&server, &host, &den).await;
    let path = format!("{}/links/{id}", path_of(&den));
    let (status, _) = ask(&server, &member, Method::DELETE, &path, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "it is not theirs");
    assert_eq!(ask(&server, &host, Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    has_ended(&server, &stranger, &secret).await;
    // It is used up.
    let (_, body) = make(&server, &host, &den, json!({ "uses": 1 })).await;
    let once = body["link"].as_str().unwrap().to_owned();
    let mut guest = server.connect("guest").await;
    assert_eq!(enter(&server, &guest.session(), &once).await.0, StatusCode::OK);
    has_ended(&server, &stranger, &once).await;
    guest.join(&den).await;
    let (status, _) = make(&server, &guest.session(), &den, json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "guests invite nobody");
    // Whoever made it was removed, and is back.
    let (_, theirs) = link(&server, &member, &den).await;
    assert_eq!(links(&server, &member, &den).await.len(), 1, "a member sees their own");
    let (_, seen) = link(&server, &host, &den).await;
    at_host.request(remove(&den, &at_member)).await.unwrap();
    has_ended(&server, &stranger, &theirs).await;
    // They may have seen it.
    has_ended(&server, &member, &seen).await;
    at_host.request(Command::Invite { room: den.clone(), whom: Whom::Id(at_member.id()) }).await.unwrap();
    has_ended(&server, &stranger, &theirs).await;
    // Its time is over.
    let (_, late) = link(&server, &host, &den).await;
    let mut database = database(server.folder()).await;
    sqlx::query("UPDATE room_links SET expires_at = 1").execute(&mut database).await.unwrap();
    has_ended(&server, &stranger, &late).await;
    for (body, field) in [(json!({ "expires_in": 0 }), "expires_in"), (json!({ "uses": 5_000 }), "uses")] {
        let (status, told) = make(&server, &host, &den, body).await;
        assert_eq!((status, told["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)), "{told}");
    }
}

#[tokio::test]
async fn a_link_lets_nobody_in_who_could_not_be_invited() {
    let server = open().await;
    let (host, mut at_host) = somebody(&server, "host").await;
    let (mallory, mut at_mallory) = somebody(&server, "mallory").await;
    let den = create(&mut at_host, "den", &[&at_mallory]).await.room;
    let (_, before) = link(&server, &host, &den).await;
    let ban = Command::Restrict {
        room: den.clone(),
        whom: Whom::Id(at_mallory.id()),
        kind: RestrictionKind::Ban,
        seconds: None,
        reason: None,
    };
    at_host.request(ban).await.unwrap();
    // They may have seen it.
    has_ended(&server, &mallory, &before).await;
    let (_, secret) = link(&server, &host, &den).await;
    let (status, body) = enter(&server, &mallory, &secret).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("banned")));
    let refused = at_mallory.request(Command::JoinRoom { room: den.clone(), since: None }).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotAMember);
    let (busy, mut at_busy) = somebody(&server, "busy").await;
    for number in 1..ROOMS_PER_PERSON {
        at_busy.join(&room(&format!("room {number}"))).await;
    }
    let (status, body) = enter(&server, &busy, &secret).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::CONFLICT, Some("too_many_rooms")));
    assert_eq!(links(&server, &host, &den).await[0]["uses_left"], 5, "nobody used it");
}

#[tokio::test]
async fn moderators_of_a_public_room_make_links_into_it_as_long_as_they_are() {
    let server = open().await;
    let (chief, mut at_chief) = somebody(&server, "chief").await;
    set_role(&server, "chief", 1).await;
    let square = at_chief.join(&room("square")).await.room;
    let (keeper, mut at_keeper) = somebody(&server, "keeper").await;
    at_keeper.join(&square).await;
    let role = |role| Command::SetRoomRole { room: square.clone(), user_id: at_keeper.id(), role };
    let (status, _) = make(&server, &keeper, &square, json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    at_chief.request(role(RoomRole::Moderator)).await.unwrap();
    let (_, secret) = link(&server, &keeper, &square).await;
    let (_, told) = preview(&server, &secret).await;
    assert_eq!(told, json!({ "title": "square", "kind": "public", "member_count": 2 }));
    let mut guest = server.connect("guest").await;
    assert_eq!(enter(&server, &guest.session(), &secret).await.1, json!({ "room": "square" }));
    guest.join(&square).await;
    assert_eq!(links(&server, &chief, &square).await[0]["uses_left"], 4);
    at_chief.request(role(RoomRole::Member)).await.unwrap();
    let (stranger, _at_stranger) = somebody(&server, "stranger").await;
    has_ended(&server, &stranger, &secret).await;
    assert!(links(&server, &chief, &square).await.is_empty());
}

#[tokio::test]
async fn who_is_not_in_a_room_learns_nothing_of_its_links() {
    let server = open().await;
    let (host, mut at_host) = somebody(&server, "host").await;
    let den = create(&mut at_host, "den", &[]).await.room;
    let (id, _) = link(&server, &host, &den).await;
    let (stranger, _at_stranger): (String, Person) = somebody(&server, "stranger").await;
    for address in [&den, &room("~nothing")] {
        for (method, path) in [
            (Method::GET, format!("{}/links", path_of(address))),
            (Method::DELETE, format!("{}/links/{id}", path_of(address))),
        ] {
            let (status, body) = ask(&server, &stranger, method, &path, None).await;
            assert_eq!(
                (status, body["code"].as_str()),
                (StatusCode::FORBIDDEN, Some("not_a_member")),
                "{path}"
            );
        }
        let (status, body) = make(&server, &stranger, address, json!({})).await;
        assert_eq!((status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("not_a_member")));
    }
}
