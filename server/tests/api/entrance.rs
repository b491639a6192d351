//! Who may come in: guests, invitations, the owner's link, and links for a lost password.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use hiroba::config::Config;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::account::SignUp;
use shared::{CloseCode, ErrorCode, ServerFrame};

use crate::accounts::{Browser, hiroba};
use crate::harness::{Person, Process, TestServer, general, guest, joined};

const PASSWORD: &str = "an uncommon password";

/// The secret in the link of the owner, which lies in the data folder.
fn owner_link(server: &TestServer) -> String {
    let link = std::fs::read_to_string(server.folder().join("hiroba-owner-link")).unwrap();
    secret(&link, "owner")
}

/// The secret of a link that was printed.
fn secret(link: &str, kind: &str) -> String {
    link.trim().rsplit_once(&format!("/#{kind}=")).unwrap().1.to_owned()
}

pub async fn owner(server: &TestServer) -> Browser {
    let mut browser = Browser::new(server.address);
    let (status, body) = browser.sign_up_with("owner", &owner_link(server)).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    browser
}

impl Browser {
    async fn sign_up_with(&mut self, name: &str, link: &str) -> (StatusCode, Value) {
        self.post("/api/v1/sign-up", Some(json!({ "name": name, "password": PASSWORD, "link": link }))).await
    }

    /// Sends a request with the access token.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = reqwest::Client::new().request(method, format!("{}{path}", self.origin));
        let request = body.iter().fold(request, reqwest::RequestBuilder::json);
        let request = self.token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    async fn invite(&self, body: Value) -> Value {
        let (status, link) = self.ask(Method::POST, "/api/v1/invitations", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{link}");
        link
    }

    async fn decide(&self, body: Value) -> (StatusCode, Value) {
        self.ask(Method::PATCH, "/api/v1/entrance", Some(body)).await
    }
}

fn code(body: &Value) -> &str {
    body["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn whoever_has_the_first_link_owns_the_server() {
    let server = TestServer::start().await;
    let file = server.folder().join("hiroba-owner-link");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let before = owner_link(&server);
    let server = server.restart().await;
    let mut browser = Browser::new(server.address);
    let (status, body) = browser.sign_up_with("late", &before).await;
    assert_eq!((status, code(&body)), (StatusCode::GONE, "link_ended"), "each start makes another one");
    let link = owner_link(&server);
    let owner = owner(&server).await;
    let (_, account) = owner.ask(Method::GET, "/api/v1/account", None).await;
    assert_eq!((&account["name"], &account["role"]), (&json!("owner"), &json!("owner")));
    assert_eq!(browser.sign_up_with("late", &link).await.0, StatusCode::GONE, "once");
    let server = server.restart().await;
    assert!(!server.folder().join("hiroba-owner-link").exists(), "it has an owner");
}

#[tokio::test]
async fn an_account_of_before_becomes_the_owner_by_signing_in() {
    let server = TestServer::start_with(|config| config.entrance.sign_up = Some(SignUp::Open)).await;
    let hanako = Browser::sign_up(server.address, "hanako").await;
    let role = async || hanako.ask(Method::GET, "/api/v1/account", None).await.1["role"].clone();
    assert_eq!(role().await, "member");
    let (link, mut browser) = (owner_link(&server), Browser::new(server.address));
    let mut sign_in = async |password: &str| {
        let body = json!({ "name": "hanako", "password": password, "link": link });
        browser.post("/api/v1/sign-in", Some(body)).await
    };
    assert_eq!(sign_in("not the password").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(PASSWORD).await.0, StatusCode::OK);
    assert_eq!(role().await, "owner", "in every session");
    assert_eq!(code(&sign_in(PASSWORD).await.1), "link_ended");
}

#[tokio::test]
async fn an_invitation_lets_somebody_in() {
    let server = TestServer::start().await;
    let mut bob = Browser::new(server.address);
    let (status, body) = bob.enter("/api/v1/sign-up", "bob", PASSWORD).await;
    assert_eq!((status, code(&body)), (StatusCode::FORBIDDEN, "sign_up_closed"));
    let owner = owner(&server).await;
    let link = owner.invite(json!({})).await;
    let secret = link["link"].as_str().unwrap();
    let (status, body) = bob.sign_up_with("owner", secret).await;
    assert_eq!((status, code(&body)), (StatusCode::CONFLICT, "name_taken"), "which does not use it up");
    assert_eq!(bob.sign_up_with("bob", secret).await.0, StatusCode::CREATED);
    let mut eve = Browser::new(server.address);
    let (status, body) = eve.sign_up_with("eve", secret).await;
    assert_eq!((status, code(&body), &body["field"]), (StatusCode::GONE, "link_ended", &json!("link")));
    assert_eq!(code(&eve.sign_up_with("eve", "no secret").await.1), "link_ended");

    // Both at once: one of them is too late.
    let one = owner.invite(json!({ "uses": 1 })).await["link"].as_str().unwrap().to_owned();
    let mut others = [Browser::new(server.address), Browser::new(server.address)];
    let [first, second] = &mut others;
    let answers = tokio::join!(first.sign_up_with("carol", &one), second.sign_up_with("dave", &one));
    let mut statuses = [answers.0.0, answers.1.0];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::CREATED, StatusCode::GONE]);

    let (withdrawn, kept) = (owner.invite(json!({})).await, owner.invite(json!({ "unlimited": true })).await);
    let (_, list) = owner.ask(Method::GET, "/api/v1/invitations", None).await;
    let list = list["invitations"].as_array().unwrap().clone();
    assert_eq!(list.len(), 2);
    assert!(list.iter().all(|invitation| invitation["made_by"] == "owner" && invitation["link"].is_null()));
    let path = format!("/api/v1/invitations/{}", withdrawn["id"].as_str().unwrap());
    assert_eq!(bob.ask(Method::DELETE, &path, None).await.0, StatusCode::FORBIDDEN);
    assert_eq!(owner.ask(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(owner.ask(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(eve.sign_up_with("eve", withdrawn["link"].as_str().unwrap()).await.0, StatusCode::GONE);
    let kept = kept["link"].as_str().unwrap();
    assert_eq!(owner.decide(json!({ "sign_up": "closed" })).await.0, StatusCode::NO_CONTENT);
    assert_eq!(code(&eve.sign_up_with("eve", kept).await.1), "sign_up_closed");
    assert_eq!(owner.decide(json!({ "sign_up": "open" })).await.0, StatusCode::NO_CONTENT);
    let withdrawn = withdrawn["link"].as_str().unwrap();
    assert_eq!(
        code(&eve.sign_up_with("eve", withdrawn).await.1),
        "link_ended",
        "it may have been an owner's"
    );
    assert_eq!(eve.sign_up_with("eve", kept).await.0, StatusCode::CREATED);
    assert_eq!(Browser::new(server.address).sign_up_with("fay", kept).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn only_who_may_invites_and_decides() {
    let server = TestServer::start_with(|config| config.entrance.sign_up = Some(SignUp::Open)).await;
    let (owner, member) = (owner(&server).await, Browser::sign_up(server.address, "member").await);
    let admin = Browser::sign_up(server.address, "admin").await;
    hiroba(server.folder(), &["user", "role", "admin", "admin"], "").await.unwrap();
    let asked = [
        (Method::POST, "/api/v1/invitations", json!({})),
        (Method::GET, "/api/v1/invitations", Value::Null),
        (Method::POST, "/api/v1/reset-links", json!({ "name": "member" })),
        (Method::POST, "/api/v1/reset-links", json!({ "name": "admin" })),
        (Method::PATCH, "/api/v1/entrance", json!({ "guests": true })),
    ];
    let nobody = Browser::new(server.address);
    for (who, allowed) in [(&owner, 5), (&admin, 3), (&member, 0), (&nobody, 0)] {
        for (number, (method, path, body)) in asked.iter().enumerate() {
            let body = (!body.is_null()).then(|| body.clone());
            let (status, answer) = who.ask(method.clone(), path, body).await;
            assert_eq!(status.is_success(), number < allowed, "{path}: {status} {answer}");
        }
    }
    let (status, body) = owner.decide(json!({ "sign_up": "closed" })).await;
    assert_eq!(
        (status, code(&body), &body["field"]),
        (StatusCode::FORBIDDEN, "forbidden", &json!("sign_up"))
    );
    assert_eq!(owner.decide(json!({ "sign_up": "open" })).await.0, StatusCode::NO_CONTENT, "as it is");
    for (body, field) in [(json!({ "uses": 0 }), "uses"), (json!({ "expires_in": 1 }), "expires_in")] {
        let (status, answer) = owner.ask(Method::POST, "/api/v1/invitations", Some(body)).await;
        assert_eq!((status, &answer["field"]), (StatusCode::BAD_REQUEST, &json!(field)));
    }
}

/// Signs in as a guest, which is refused with this code; the connection stays usable.
async fn refused(server: &TestServer) -> (ErrorCode, Person) {
    let mut person = server.open().await;
    person.send(shared::Command::Auth(guest("late"))).await;
    let failure = person
        .expect(|frame| match frame {
            ServerFrame::Error { failure, .. } => Some(failure.code),
            _ => None,
        })
        .await;
    (failure, person)
}

#[tokio::test]
async fn when_the_owner_closes_the_door_guests_are_outside() {
    let server = TestServer::start().await;
    let owner = owner(&server).await;
    let (mut tab, mut demo, mut account) =
        (server.connect("early").await, server.demo("python").await, owner.connect().await);
    let session = tab.session();
    assert_eq!(owner.decide(json!({ "guests": false })).await.0, StatusCode::NO_CONTENT);
    for person in [&mut tab, &mut demo] {
        let closed = person.closed_within(Duration::from_secs(1)).await;
        assert_eq!(closed.code(), Some(CloseCode::GuestsClosed.code()));
    }
    account.say(&general(), "alone").await;
    let page = async |address: std::net::SocketAddr, tag: Option<&str>| {
        let request = reqwest::Client::new().get(format!("http://{address}/r/general"));
        tag.iter().fold(request, |request, tag| request.header("if-none-match", *tag)).send().await.unwrap()
    };
    let told = page(server.address, None).await;
    let tag = told.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(told.headers()["content-type"], "text/html; charset=utf-8");
    assert!(told.headers()["content-security-policy"].to_str().unwrap().contains("script-src"));
    assert!(told.text().await.unwrap().contains("data-guests=\"off\""), "the first page knows it");
    assert_eq!(page(server.address, Some(&tag)).await.status(), StatusCode::NOT_MODIFIED);
    let server = server.restart().await;
    let (refusal, mut person) = refused(&server).await;
    assert_eq!(refusal, ErrorCode::GuestsClosed);
    person.sign_in(owner_again(&server).await.auth()).await;
    let search = format!("http://{}/api/search?q=alone", server.address);
    let answer = reqwest::Client::new().get(search).bearer_auth(&session).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let owner = owner_again(&server).await;
    assert_eq!(owner.decide(json!({ "guests": true })).await.0, StatusCode::NO_CONTENT);
    assert!(!page(server.address, Some(&tag)).await.text().await.unwrap().contains("data-guests"));
    let mut again = server.open().await;
    again.sign_in(shared::Auth { session: Some(session), ..guest("early") }).await;
    again.expect(joined).await;
}

async fn owner_again(server: &TestServer) -> Browser {
    Browser::sign_in(server.address, "owner").await
}

#[tokio::test]
async fn a_server_that_others_reach_waits_for_its_owner() {
    let public = |config: &mut Config| config.trusted_proxy = vec!["203.0.113.0/24".parse().unwrap()];
    let server = TestServer::start_with(public).await;
    assert_eq!(refused(&server).await.0, ErrorCode::GuestsClosed);
    let entrance = async || Browser::new(server.address).ask(Method::GET, "/api/v1/entrance", None).await.1;
    let told = |guests, has_owner| json!({ "sign_up": "invitation", "guests": guests, "has_owner": has_owner, "mail": false });
    assert_eq!(entrance().await, told(false, false));
    let owner = owner(&server).await;
    assert_eq!(owner.decide(json!({ "guests": true })).await.0, StatusCode::NO_CONTENT);
    assert_eq!(entrance().await, told(true, true));
    server.connect("guest").await;

    let said = |config: &mut Config| {
        config.public_url = Some("https://chat.example".parse().unwrap());
        config.entrance.guests = Some(true);
    };
    let server = TestServer::start_with(said).await;
    server.connect("guest").await;
    let link = std::fs::read_to_string(server.folder().join("hiroba-owner-link")).unwrap();
    assert!(link.starts_with("https://chat.example/#owner="), "{link}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_password_is_replaced_by_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--sign-up", "open"]);
    let hanako = Browser::sign_up(server.address, "hanako").await;
    let mut socket = hanako.connect().await;
    let printed = hiroba(folder.path(), &["user", "reset", "hanako"], "").await.unwrap();
    assert!(printed.starts_with(&format!("http://localhost:{}/#reset=", server.address.port())), "{printed}");
    let link = secret(&printed, "reset");
    let mut browser = Browser::new(server.address);
    let mut reset = async |link: &str, password: &str| {
        browser.post("/api/v1/reset-password", Some(json!({ "link": link, "password": password }))).await
    };
    let (status, body) = reset(&link, "hanako hanako").await;
    assert_eq!((status, code(&body)), (StatusCode::OK, ""), "{body}");
    assert_eq!(body["name"], "hanako");
    let closed = socket.closed_within(Duration::from_secs(1)).await;
    assert_eq!(closed.code(), Some(CloseCode::SessionEnded.code()));
    let (status, body) = reset(&link, "another password").await;
    assert_eq!((status, code(&body)), (StatusCode::GONE, "link_ended"));
    let (status, _) = Browser::new(server.address).enter("/api/v1/sign-in", "hanako", PASSWORD).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let refused = hiroba(folder.path(), &["user", "reset", "nobody"], "").await.unwrap_err();
    assert!(refused.contains("no account"), "{refused}");

    // A common password does not use the link up; disabling the account ends it.
    let link = secret(&hiroba(folder.path(), &["user", "reset", "hanako"], "").await.unwrap(), "reset");
    assert_eq!(code(&reset(&link, "password1").await.1), "invalid_password");
    hiroba(folder.path(), &["user", "disable", "hanako"], "").await.unwrap();
    hiroba(folder.path(), &["user", "enable", "hanako"], "").await.unwrap();
    assert_eq!(code(&reset(&link, "a third password").await.1), "link_ended");
    let link = secret(&hiroba(folder.path(), &["user", "reset", "hanako"], "").await.unwrap(), "reset");
    assert_eq!(reset(&link, "a third password").await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_invites_from_a_shell_while_the_server_runs_and_when_it_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let missing = hiroba(folder.path(), &["invite"], "").await.unwrap_err();
    assert!(missing.contains("no data"), "{missing}");
    let mut server = Process::start(folder.path(), &[]);
    let while_it_runs = hiroba(folder.path(), &["invite", "--uses", "2"], "").await.unwrap();
    let to_own = hiroba(folder.path(), &["invite", "--owner"], "").await.unwrap();
    server.kill();
    let public = ["invite", "--expires", "1h"];
    let without = hiroba(folder.path(), &public, "").await.unwrap();
    assert!(without.starts_with("http://localhost:8765/#invite="), "{without}");
    let refused = hiroba(folder.path(), &["invite", "--expires", "31d"], "").await.unwrap_err();
    assert!(refused.contains("expires_in"), "{refused}");
    server = Process::start(folder.path(), &[]);
    let sign_up =
        async |name: &str, link: String| Browser::new(server.address).sign_up_with(name, &link).await.0;
    for name in ["a", "b"] {
        assert_eq!(sign_up(name, secret(&while_it_runs, "invite")).await, StatusCode::CREATED);
    }
    assert_eq!(sign_up("c", secret(&while_it_runs, "invite")).await, StatusCode::GONE);
    assert_eq!(sign_up("c", secret(&without, "invite")).await, StatusCode::CREATED);
    assert_eq!(sign_up("d", secret(&to_own, "owner")).await, StatusCode::GONE, "the start made another one");
    hiroba(folder.path(), &["user", "role", "a", "owner"], "").await.unwrap();
    let list = hiroba(folder.path(), &["user", "list"], "").await.unwrap();
    assert!(list.lines().next().unwrap().contains("a\towner"), "{list}");
    let token = hiroba(folder.path(), &["token", "b"], "").await.unwrap();
    let program = Browser { token: Some(token.trim().to_owned()), ..Browser::new(server.address) };
    let mut socket = program.connect().await;
    assert_eq!(socket.name(), "b");
    let (_, sessions) = program.ask(Method::GET, "/api/v1/sessions", None).await;
    assert_eq!(sessions["sessions"][1]["user_agent"], "hiroba token", "b sees it: {sessions}");
    hiroba(folder.path(), &["user", "disable", "b"], "").await.unwrap();
    assert_eq!(socket.closed().await.code(), Some(CloseCode::SessionEnded.code()));
    assert!(hiroba(folder.path(), &["token", "b"], "").await.unwrap_err().contains("disabled"));
    assert!(hiroba(folder.path(), &["token", "nobody"], "").await.unwrap_err().contains("no account"));
    let refused = hiroba(folder.path(), &["user", "role", "a", "king"], "").await.unwrap_err();
    assert!(refused.contains("member, admin or owner"), "{refused}");
}
