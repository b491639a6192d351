//! Reports of messages: who makes them, who learns of them, and what is kept.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use shared::{Action, Command, ErrorCode, Joined, RoomAddress, RoomRole, Seq, ServerFrame, UserId};

use crate::accounts::{Browser, open};
use crate::direct::converse;
use crate::doors::{create, remove};
use crate::harness::{Person, TestServer, change, database, edit, joined, message, room, said};
use crate::permissions::set_role;

/// Sends a request of whoever has this token or secret.
pub async fn ask(
    server: &TestServer,
    token: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let request = reqwest::Client::new().request(method, format!("http://{}{path}", server.address));
    let request = body.iter().fold(request.bearer_auth(token), RequestBuilder::json);
    let answer = request.send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

/// The path of a room.
pub fn path_of(room: &RoomAddress) -> String {
    format!("/api/v1/rooms/{}", room.path().strip_prefix("/r/").unwrap())
}

/// Somebody with an account, and a socket of theirs.
pub async fn somebody(server: &TestServer, name: &str) -> (String, Person) {
    let browser = Browser::sign_up(server.address, name).await;
    let mut person = browser.connect().await;
    person.expect(joined).await;
    (browser.token.unwrap(), person)
}

pub async fn report(server: &TestServer, token: &str, room: &RoomAddress, seq: Seq) -> (StatusCode, Value) {
    let path = format!("{}/messages/{seq}/reports", path_of(room));
    ask(server, token, Method::POST, &path, Some(json!({ "reason": "not nice" }))).await
}

async fn list(server: &TestServer, token: &str, path: &str) -> Vec<Value> {
    let (status, body) = ask(server, token, Method::GET, path, None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["reports"].as_array().unwrap().clone()
}

async fn resolve(server: &TestServer, token: &str, id: &Value) -> StatusCode {
    let path = format!("/api/v1/reports/{id}/resolve");
    ask(server, token, Method::POST, &path, Some(json!({ "note": "talked to them" }))).await.0
}

/// The number of reports that somebody is told.
fn standing(frame: &ServerFrame) -> Option<u32> {
    match frame {
        ServerFrame::Standing { reports, .. } => Some(reports.unwrap_or(0)),
        _ => None,
    }
}

async fn promote(by: &mut Person, room: &RoomAddress, user_id: UserId) {
    let command = Command::SetRoomRole { room: room.clone(), user_id, role: RoomRole::Moderator };
    by.request(command).await.unwrap();
}

/// Receives what is waiting, and checks that nobody was told of a report.
async fn knows_nothing(person: &mut Person, room: &RoomAddress) {
    let text = format!("an end {}", person.name());
    person.say(room, &text).await;
    person
        .expect(|frame| match frame {
            ServerFrame::Standing { .. } => panic!("{frame:?}"),
            frame => message(frame).filter(|posted| said(posted) == text).map(drop),
        })
        .await;
}

#[tokio::test]
async fn a_report_reaches_the_moderators_with_the_words_said_then_and_nobody_else() {
    let server = open().await;
    let (chief, mut at_chief) = somebody(&server, "chief").await;
    set_role(&server, "chief", 1).await;
    let square = at_chief.join(&room("square")).await.room;
    let (keeper, mut at_keeper) = somebody(&server, "keeper").await;
    at_keeper.join(&square).await;
    promote(&mut at_chief, &square, at_keeper.id()).await;
    assert_eq!(at_keeper.expect(standing).await, 0, "there is none yet");
    let (mallory, mut at_mallory) = somebody(&server, "mallory").await;
    at_mallory.join(&square).await;
    let mut guest = server.connect("guest").await;
    guest.join(&square).await;
    let seq = at_mallory.say(&square, "not nice").await.seq;

    let (status, body) = report(&server, &guest.session(), &square, seq).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    assert_eq!(at_keeper.expect(standing).await, 1);
    assert_eq!(report(&server, &guest.session(), &square, seq).await.0, StatusCode::NO_CONTENT, "once");
    at_mallory.change(&square, seq, edit("harmless")).await;
    at_mallory.change(&square, seq, Action::DeleteMessage).await;
    assert_eq!(report(&server, &keeper, &square, seq).await.1["code"], "no_such_message");
    for path in [format!("{}/reports?open=true", path_of(&square)), "/api/v1/reports?open=true".to_owned()] {
        let token = if path.starts_with("/api/v1/reports") { &chief } else { &keeper };
        let reports = list(&server, token, &path).await;
        let [one] = &reports[..] else { panic!("{reports:?}") };
        let told = |field: &str, name: &str| one[field][name].as_str().unwrap_or_default().to_owned();
        assert_eq!((told("author", "user"), told("by", "user")), ("mallory".to_owned(), "guest".to_owned()));
        assert_eq!(
            (&one["content"], &one["reason"], &one["seq"]),
            (&json!("not nice"), &json!("not nice"), &json!(seq))
        );
    }
    knows_nothing(&mut at_mallory, &square).await;
    knows_nothing(&mut guest, &square).await;
    for (token, path) in
        [(&mallory, format!("{}/reports", path_of(&square))), (&keeper, "/api/v1/reports".to_owned())]
    {
        let (status, body) = ask(&server, token, Method::GET, &path, None).await;
        assert_eq!((status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("forbidden")), "{path}");
    }

    // Who comes later is told with the room, if they may see it.
    let counted = |joined: Joined| joined.reports;
    let again = server.restart().await;
    let mut at_keeper = Browser::sign_in(again.address, "keeper").await.connect().await;
    let of_square = |frame: &ServerFrame| joined(frame).filter(|joined| joined.room == square);
    assert_eq!(counted(at_keeper.expect(of_square).await), Some(1));
    let mut at_mallory = Browser::sign_in(again.address, "mallory").await.connect().await;
    assert_eq!(counted(at_mallory.expect(of_square).await), None);
}

#[tokio::test]
async fn who_settles_a_report_is_told_and_everybody_else_finds_none() {
    let server = open().await;
    let (_, mut at_chief) = somebody(&server, "chief").await;
    set_role(&server, "chief", 1).await;
    let (host, mut at_host) = somebody(&server, "host").await;
    let (mallory, mut at_mallory) = somebody(&server, "mallory").await;
    let den = create(&mut at_host, "den", &[&at_mallory]).await.room;
    at_mallory.join(&den).await;
    let seq = at_mallory.say(&den, "not nice").await.seq;
    let own = at_host.say(&den, "neither").await.seq;
    assert_eq!(report(&server, &mallory, &den, seq).await.1["code"], "forbidden", "it is their own");
    assert_eq!(report(&server, &mallory, &den, own).await.0, StatusCode::NO_CONTENT);
    knows_nothing(&mut at_host, &den).await;
    assert_eq!(report(&server, &host, &den, seq).await.0, StatusCode::NO_CONTENT);
    assert_eq!(at_host.expect(standing).await, 1);
    let in_den = |frame: &ServerFrame| joined(frame).filter(|joined| joined.room == den);
    let (stranger, _at_stranger) = somebody(&server, "stranger").await;
    let reports = list(&server, &host, &format!("{}/reports?open=true", path_of(&den))).await;
    let [one] = &reports[..] else { panic!("who is reported sees it: {reports:?}") };
    assert_eq!(one["title"], "den");
    let joined = Browser::sign_in(server.address, "host").await.connect().await.expect(in_den).await;
    assert_eq!(joined.reports, Some(1));
    let chief = Browser::sign_in(server.address, "chief").await.token.unwrap();
    let all = list(&server, &chief, "/api/v1/reports").await;
    let (about_mallory, about_host) = (&all[0]["id"], &all[1]["id"]);
    assert_eq!(one["id"], *about_mallory);

    // What there is, and what there is not, looks alike to strangers and to members.
    for token in [&stranger, &mallory] {
        assert_eq!(resolve(&server, token, about_mallory).await, StatusCode::NOT_FOUND);
        assert_eq!(resolve(&server, token, &json!(99_999)).await, StatusCode::NOT_FOUND);
    }
    for (room, path) in [(&den, path_of(&den)), (&room("~nothing"), path_of(&room("~nothing")))] {
        let (status, body) = ask(&server, &stranger, Method::GET, &format!("{path}/reports"), None).await;
        assert_eq!((status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("not_a_member")), "{room}");
        let (status, body) = report(&server, &stranger, room, seq).await;
        assert_eq!((status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("not_a_member")), "{room}");
    }

    let own = resolve(&server, &host, about_host).await;
    assert_eq!(own, StatusCode::NOT_FOUND, "nobody is their own judge, or learns who reported them");
    assert_eq!(resolve(&server, &host, about_mallory).await, StatusCode::NO_CONTENT);
    assert_eq!(resolve(&server, &host, about_mallory).await, StatusCode::NO_CONTENT, "it is settled");
    // An administrator settles what happened where they are not.
    assert_eq!(resolve(&server, &chief, about_host).await, StatusCode::NO_CONTENT);
    let settled = list(&server, &chief, "/api/v1/reports?open=false").await;
    let by: Vec<&str> = settled.iter().filter_map(|one| one["resolved"]["by"]["user"].as_str()).collect();
    assert_eq!(by, ["host", "chief"]);
    assert_eq!(settled[0]["resolved"]["note"], "talked to them");
    assert!(list(&server, &chief, "/api/v1/reports?open=true").await.is_empty());
    let (_, audit) = ask(&server, &chief, Method::GET, "/api/v1/audit?act=resolve_report", None).await;
    assert_eq!(audit["entries"].as_array().map(Vec::len), Some(2), "{audit}");
    drop(at_chief.request(remove(&den, &at_mallory)).await);
}

#[tokio::test]
async fn a_conversation_is_reported_to_administrators_only() {
    let server = open().await;
    let (_, mut at_chief) = somebody(&server, "chief").await;
    set_role(&server, "chief", 1).await;
    let (alice, mut at_alice) = somebody(&server, "alice").await;
    let (bob, mut at_bob) = somebody(&server, "bob").await;
    let talk = converse(&mut at_alice, &[&at_bob]).await.room;
    at_bob.join(&talk).await;
    let seq = at_bob.say(&talk, "not nice").await.seq;
    assert_eq!(report(&server, &alice, &talk, seq).await.0, StatusCode::NO_CONTENT);
    for token in [&alice, &bob] {
        let path = format!("{}/reports", path_of(&talk));
        let (status, _) = ask(&server, token, Method::GET, &path, None).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    knows_nothing(&mut at_bob, &talk).await;
    let chief = Browser::sign_in(server.address, "chief").await.token.unwrap();
    let reports = list(&server, &chief, "/api/v1/reports").await;
    assert_eq!((reports.len(), reports[0]["content"].as_str()), (1, Some("not nice")));
    assert_eq!(reports[0]["room"], talk.as_str());
    let refused = at_chief.request(change(&talk, seq, Action::DeleteMessage)).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotAMember, "reading a report lets nobody in");
}

#[tokio::test]
async fn reports_come_in_pages_that_fit_and_not_without_bounds() {
    let server = open().await;
    let (host, mut at_host) = somebody(&server, "host").await;
    let (mallory, mut at_mallory) = somebody(&server, "mallory").await;
    let den = create(&mut at_host, "den", &[&at_mallory]).await.room;
    at_mallory.join(&den).await;
    let long = "あ".repeat(3_900);
    for _ in 0..8 {
        let seq = at_mallory.say(&den, &long).await.seq;
        assert_eq!(report(&server, &host, &den, seq).await.0, StatusCode::NO_CONTENT);
    }
    let path = format!("{}/reports", path_of(&den));
    let (_, first) = ask(&server, &host, Method::GET, &path, None).await;
    assert_eq!((first["reports"].as_array().map(Vec::len), &first["more"]), (Some(5), &json!(true)));
    let (_, rest) =
        ask(&server, &host, Method::GET, &format!("{path}?before={}", first["reports"][4]["id"]), None).await;
    assert_eq!((rest["reports"].as_array().map(Vec::len), &rest["more"]), (Some(3), &json!(false)));
    let (status, body) = ask(&server, &host, Method::GET, &format!("{path}?open=perhaps"), None).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_field")));
    let reason = json!({ "reason": "x".repeat(201) });
    let path = format!("{}/messages/3/reports", path_of(&den));
    let (status, body) = ask(&server, &host, Method::POST, &path, Some(reason)).await;
    assert_eq!((status, body["field"].as_str()), (StatusCode::BAD_REQUEST, Some("reason")), "{body}");
    drop(mallory);
}

#[tokio::test]
async fn what_was_reported_is_forgotten_with_the_account_that_wrote_it() {
    let server = open().await;
    let (host, mut at_host) = somebody(&server, "host").await;
    let (mallory, mut at_mallory) = somebody(&server, "mallory").await;
    let den = create(&mut at_host, "den", &[&at_mallory]).await.room;
    at_mallory.join(&den).await;
    let seq = at_mallory.say(&den, "a phrase like no other").await.seq;
    assert_eq!(report(&server, &host, &den, seq).await.0, StatusCode::NO_CONTENT);
    let body = json!({ "password": crate::accounts::PASSWORD, "delete_messages": true });
    let (status, body) = ask(&server, &mallory, Method::POST, "/api/v1/account/delete", Some(body)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    let reports = list(&server, &host, &format!("{}/reports", path_of(&den))).await;
    assert_eq!((reports.len(), reports[0].get("content")), (1, None), "that somebody did is kept");
    let mut database = database(server.folder()).await;
    let query = "SELECT count(*) FROM reports WHERE content LIKE '%like no other%'";
    let left: i64 = sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap();
    assert_eq!(left, 0);
}
