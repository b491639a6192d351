//! The devices of an account: which rooms they show, and how their owner sees and ends them.

use std::time::Duration;

use reqwest::header::USER_AGENT;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{Auth, CloseCode, Joined, Position, ResumeRoom, RoomAddress, ServerFrame};

use crate::accounts::{Browser, open};
use crate::harness::{Person, Process, TestServer, joined, room};

/// Sends a request with the access token.
async fn ask(browser: &Browser, method: Method, path: &str) -> (StatusCode, Value) {
    let request = reqwest::Client::new().request(method, format!("{}{path}", browser.origin));
    let answer = request.bearer_auth(browser.token.as_ref().unwrap()).send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

async fn sessions(browser: &Browser) -> Vec<Value> {
    let (status, body) = ask(browser, Method::GET, "/api/v1/sessions").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["sessions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn somebody_sees_their_devices_and_ends_one_of_them() {
    let server = open().await;
    let laptop = Browser::sign_up(server.address, "hanako").await;
    let mut phone = Browser::new(server.address);
    let sign_in = phone.request("/api/v1/sign-in").header(USER_AGENT, "Telephone/1.0 (".repeat(100));
    let entered = json!({ "name": "hanako", "password": "an uncommon password" });
    let body: Value = sign_in.json(&entered).send().await.unwrap().json().await.unwrap();
    phone.token = body["access_token"].as_str().map(str::to_owned);
    assert_eq!(body["expires_in"], 900);
    let stranger = Browser::sign_up(server.address, "bob").await;
    let mut pocket = phone.connect().await;

    let list = sessions(&laptop).await;
    let [newer, older] = &list[..] else { panic!("{list:?}") };
    assert_eq!((&newer["current"], &older["current"]), (&json!(false), &json!(true)));
    assert_eq!(newer["address"], "127.0.0.1");
    assert_eq!(newer["user_agent"].as_str().unwrap().chars().count(), 300, "its beginning");
    assert!(older["user_agent"].is_null() && older["opened_at"].is_string() && older["used_at"].is_string());

    let path = format!("/api/v1/sessions/{}", newer["id"].as_str().unwrap());
    assert_eq!(ask(&stranger, Method::DELETE, &path).await.0, StatusCode::NOT_FOUND, "not theirs");
    assert_eq!(sessions(&stranger).await.len(), 1);
    assert_eq!(ask(&laptop, Method::DELETE, &path).await.0, StatusCode::NO_CONTENT);
    let closed = pocket.closed_within(Duration::from_secs(1)).await;
    assert_eq!(closed.code(), Some(CloseCode::SessionEnded.code()));
    assert_eq!(ask(&phone, Method::GET, "/api/v1/sessions").await.0, StatusCode::UNAUTHORIZED);
    let (status, body) = ask(&laptop, Method::DELETE, &path).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    let (status, body) = ask(&laptop, Method::DELETE, "/api/v1/sessions/phone").await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    assert_eq!(sessions(&laptop).await.len(), 1);
    let without = reqwest::get(format!("{}/api/v1/sessions", laptop.origin)).await.unwrap();
    assert_eq!(without.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_first_page_learns_whether_everybody_may_sign_up() {
    let server = open().await;
    let entrance = async |address| -> Value {
        reqwest::get(format!("http://{address}/api/v1/entrance")).await.unwrap().json().await.unwrap()
    };
    let told = json!({ "sign_up": "open", "guests": true, "has_owner": false, "mail": false });
    assert_eq!(entrance(server.address).await, told);
    let by_default = TestServer::start().await;
    let told = json!({ "sign_up": "invitation", "guests": true, "has_owner": false, "mail": false });
    assert_eq!(entrance(by_default.address).await, told);
}

fn position(joined: &Joined) -> Position {
    Position { epoch: joined.epoch, seq: joined.seq }
}

fn left(frame: &ServerFrame) -> Option<RoomAddress> {
    match frame {
        ServerFrame::Left { room, .. } => Some(room.clone()),
        _ => None,
    }
}

/// Comes back with the rooms and positions that a device knows. Returns the rooms that it is told to show, and those not
/// to show any more.
async fn come_back(browser: &Browser, rooms: Vec<ResumeRoom>, told: usize) -> [Vec<RoomAddress>; 2] {
    let mut person =
        Person::open(browser.origin.strip_prefix("http://").unwrap().parse().unwrap(), "/ws").await;
    person.sign_in(Auth { rooms: Some(rooms), ..browser.auth() }).await;
    let (mut shown, mut gone) = (Vec::new(), Vec::new());
    for _ in 0..told {
        let either = |frame: &ServerFrame| joined(frame).map(Ok).or_else(|| left(frame).map(Err));
        match person.expect(either).await {
            Ok(joined) => shown.push(joined.room),
            Err(room) => gone.push(room),
        }
    }
    shown.sort();
    [shown, gone]
}

#[tokio::test]
async fn a_device_that_was_away_shows_the_rooms_of_the_account_and_not_those_that_it_remembers() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut laptop = browser.connect().await;
    laptop.expect(joined).await;
    let mut known = Vec::new();
    for name in ["tea", "sake"] {
        let joined = laptop.join(&room(name)).await;
        known.push(ResumeRoom { room: joined.room.clone(), since: Some(position(&joined)) });
    }
    laptop.abort();
    let mut phone = browser.connect().await;
    for _ in 0..3 {
        phone.expect(joined).await;
    }
    phone.leave(&room("sake")).await;
    phone.join(&room("water")).await;

    known.push(ResumeRoom { room: room("milk"), since: None });
    let [shown, gone] = come_back(&browser, known, 5).await;
    assert_eq!(shown, ["general", "milk", "tea", "water"].map(room));
    assert_eq!(gone, [room("sake")]);
}

#[tokio::test]
async fn who_is_refused_an_account_may_try_again_at_once() {
    let server = open().await;
    let guest = server.connect("Hanako").await;
    let address = server.address;
    for _ in 0..3 {
        let request = Browser::new(address).request("/api/v1/sign-up").bearer_auth(guest.session());
        let request = request.json(&json!({ "name": "Hanako", "password": "password1" }));
        let answer = request.timeout(Duration::from_secs(5)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "a common password");
    }
}

#[tokio::test]
async fn a_membership_of_an_account_that_was_told_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--sign-up", "open"]);
    let mut browser = Browser::sign_up(server.address, "hanako").await;
    let mut laptop = browser.connect().await;
    laptop.expect(joined).await;
    let tea = laptop.join(&room("tea")).await;
    server.kill();
    let server = Process::start(folder.path(), &["--sign-up", "open"]);
    browser.origin = format!("http://{}", server.address);
    let known = ResumeRoom { room: room("tea"), since: Some(position(&tea)) };
    let [shown, gone] = come_back(&browser, vec![known], 2).await;
    assert_eq!((shown, gone), (["general", "tea"].map(room).to_vec(), Vec::new()));
}
