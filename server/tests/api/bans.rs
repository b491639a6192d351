//! Bans from the server and the audit log, as administrators decide and read them over HTTP.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use shared::account::SignUp;
use shared::{Action, CloseCode, ErrorCode, ServerFrame};

use crate::accounts::{Browser, PASSWORD, open};
use crate::doors::account;
use crate::harness::{Person, TestServer, change, guest, joined, room};
use crate::permissions::set_role;

pub async fn ask(browser: &Browser, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let request = reqwest::Client::new().request(method, format!("{}{path}", browser.origin));
    let request = request.bearer_auth(browser.token.as_ref().unwrap());
    let answer = body.iter().fold(request, RequestBuilder::json).send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

async fn ban(browser: &Browser, body: Value) -> (StatusCode, Value) {
    ask(browser, Method::POST, "/api/v1/bans", Some(body)).await
}

/// A browser of an administrator.
async fn chief(server: &TestServer) -> Browser {
    let browser = Browser::sign_up(server.address, "chief").await;
    set_role(server, "chief", 1).await;
    browser
}

async fn refusal(person: &mut Person) -> ErrorCode {
    person
        .expect(|frame| match frame {
            ServerFrame::Error { failure, .. } => Some(failure.code),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn whoever_is_banned_from_the_server_is_out_on_every_way_until_it_is_lifted() {
    let server = open().await;
    let chief = chief(&server).await;
    let mallory = Browser::sign_up(server.address, "mallory").await;
    let mut at_mallory = mallory.connect().await;
    at_mallory.expect(joined).await;
    let (status, body) = ban(&chief, json!({ "name": "mallory", "reason": "spam" })).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(at_mallory.closed().await.code(), Some(CloseCode::Removed.code()));

    // Neither the token, nor the password, nor a restart of the server leads back.
    let server = server.restart().await;
    let chief = Browser { origin: format!("http://{}", server.address), ..chief };
    let mallory = Browser { origin: chief.origin.clone(), ..mallory };
    let mut again = Person::open(server.address, "/ws").await;
    again.send(shared::Command::Auth(mallory.auth())).await;
    assert_eq!(refusal(&mut again).await, ErrorCode::Banned);
    assert_eq!(again.closed().await.code(), Some(CloseCode::Removed.code()));
    let (status, body) = Browser::new(server.address).enter("/api/v1/sign-in", "mallory", PASSWORD).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("banned")), "{body}");
    let (status, body) = ask(&mallory, Method::GET, "/api/v1/account", None).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("banned")), "{body}");

    let (_, list) = ask(&chief, Method::GET, "/api/v1/bans", None).await;
    let one = &list["bans"][0];
    assert_eq!((one["user"].as_str(), one["reason"].as_str()), (Some("mallory"), Some("spam")));
    let lift = format!("/api/v1/bans/{}", one["id"]);
    assert_eq!(ask(&chief, Method::DELETE, &lift, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&chief, Method::DELETE, &lift, None).await.0, StatusCode::NOT_FOUND);
    let mut back = Browser::sign_in(server.address, "mallory").await.connect().await;
    back.expect(joined).await;
}

#[tokio::test]
async fn a_guest_is_banned_with_the_network_it_comes_from() {
    let server = TestServer::start_with(|config| {
        config.entrance.sign_up = Some(SignUp::Open);
        config.trusted_proxy = vec!["127.0.0.0/8".parse().unwrap()];
        config.entrance.guests = Some(true);
    })
    .await;
    let chief = chief(&server).await;
    let mut mallory = Person::forwarded(server.address, "2001:db8::1").await;
    mallory.sign_in(guest("mallory")).await;
    let mut neighbour = Person::forwarded(server.address, "2001:db8:0:1::1").await;
    neighbour.sign_in(guest("neighbour")).await;
    let (status, body) =
        ban(&chief, json!({ "name": "mallory", "with_addresses": true, "seconds": 60 })).await;
    assert_eq!((status, body["bans"].as_array().map(Vec::len)), (StatusCode::CREATED, Some(2)), "{body}");
    assert_eq!(mallory.closed().await.code(), Some(CloseCode::Removed.code()));
    let mut other_name = Person::forwarded(server.address, "2001:db8::ffff").await;
    other_name.send(shared::Command::Auth(guest("somebody else"))).await;
    assert_eq!(refusal(&mut other_name).await, ErrorCode::Banned);
    neighbour.say(&shared::RoomName::general().into(), "I am still here").await;
    // The addresses of the server itself are nobody's to ban.
    let (status, body) = ban(&chief, json!({ "address": "::ffff:127.0.0.1" })).await;
    assert_eq!((status, body["field"].as_str()), (StatusCode::BAD_REQUEST, Some("address")), "{body}");
    let (status, _) = ban(&chief, json!({ "address": "2001:db8:0:1::9" })).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(neighbour.closed().await.code(), Some(CloseCode::Removed.code()));
}

#[tokio::test]
async fn only_those_above_ban_and_nobody_bans_themselves() {
    let server = open().await;
    let chief = chief(&server).await;
    let member = Browser::sign_up(server.address, "member").await;
    let _owner = account(&server, "owner").await;
    set_role(&server, "owner", 2).await;
    for (browser, name, status) in [
        (&member, "chief", StatusCode::FORBIDDEN),
        (&chief, "chief", StatusCode::FORBIDDEN),
        (&chief, "owner", StatusCode::FORBIDDEN),
        (&chief, "nobody at all", StatusCode::NOT_FOUND),
        (&chief, "member", StatusCode::CREATED),
    ] {
        let (told, body) = ban(browser, json!({ "name": name })).await;
        assert_eq!(told, status, "{name}: {body}");
    }
    let (status, _) = ask(&member, Method::GET, "/api/v1/bans", None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn administrators_read_the_audit_log_in_pages_and_as_a_file() {
    let server = open().await;
    let chief = chief(&server).await;
    let mut at_chief = chief.connect().await;
    let square = at_chief.join(&room("square")).await.room;
    let member = Browser::sign_up(server.address, "member").await;
    let mut at_member = member.connect().await;
    at_member.join(&square).await;
    for number in 0..5 {
        let target = at_member.say(&square, &number.to_string()).await.seq;
        at_chief.change(&square, target, Action::DeleteMessage).await;
    }
    let own = at_chief.say(&square, "my own").await.seq;
    at_chief.request(change(&square, own, Action::DeleteMessage)).await.unwrap();
    ban(&chief, json!({ "name": "member", "seconds": 60 })).await;
    let page = async |query: &str| ask(&chief, Method::GET, &format!("/api/v1/audit?{query}"), None).await.1;
    let all = page("").await;
    let entries = all["entries"].as_array().unwrap();
    assert_eq!((entries.len(), all["more"].as_bool()), (6, Some(false)), "{all}");
    assert_eq!(
        (entries[0]["act"].as_str(), entries[0]["member"]["user"].as_str()),
        (Some("ban"), Some("member"))
    );
    assert_eq!(
        (entries[5]["act"].as_str(), entries[5]["room"].as_str()),
        (Some("delete_message"), Some("square"))
    );
    let first = page("limit=4").await;
    assert_eq!(first["more"].as_bool(), Some(true));
    let rest = page(&format!("limit=4&before={}", first["entries"][3]["id"])).await;
    assert_eq!((rest["entries"].as_array().map(Vec::len), rest["more"].as_bool()), (Some(2), Some(false)));
    assert_eq!(page("act=ban").await["entries"].as_array().map(Vec::len), Some(1));
    assert_eq!(page("since=2999-01-01T00:00:00Z").await["entries"], json!([]));
    let (status, body) = ask(&chief, Method::GET, "/api/v1/audit?limit=0", None).await;
    assert_eq!((status, body["field"].as_str()), (StatusCode::BAD_REQUEST, Some("limit")));
    assert_eq!(ask(&chief, Method::GET, "/api/v1/audit?by=", None).await.0, StatusCode::BAD_REQUEST);

    let download = async |browser: &Browser| {
        let request = reqwest::Client::new().get(format!("{}/api/v1/audit/download", browser.origin));
        let answer = request.bearer_auth(browser.token.as_ref().unwrap()).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let (status, text) = download(&chief).await;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((status, &lines), (StatusCode::OK, entries));
    let stranger = Browser::sign_up(server.address, "stranger").await;
    assert_eq!(download(&stranger).await.0, StatusCode::FORBIDDEN);
}
