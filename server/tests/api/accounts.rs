//! Accounts: the same person tomorrow and on other devices, until a session ends.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use shared::{Auth, CloseCode, Command, ErrorCode, PresenceStatus, ServerFrame};

use crate::harness::{
    LIMIT, Person, Process, TestServer, edit, general, guest, joined, message, presence, room, said,
};
use shared::account::SignUp;
use tokio::io::AsyncWriteExt;

pub const PASSWORD: &str = "an uncommon password";

pub async fn open() -> TestServer {
    TestServer::start_with(|config| config.entrance.sign_up = Some(SignUp::Open)).await
}

/// A browser: what it was told, and its cookie.
#[derive(Clone)]
pub struct Browser {
    pub origin: String,
    pub cookie: Option<String>,
    pub token: Option<String>,
}

impl Browser {
    pub fn new(address: std::net::SocketAddr) -> Self {
        Self { origin: format!("http://{address}"), cookie: None, token: None }
    }

    pub fn request(&self, path: &str) -> RequestBuilder {
        let request =
            reqwest::Client::new().post(format!("{}{path}", self.origin)).header(ORIGIN, &self.origin);
        self.cookie.iter().fold(request, |request, cookie| request.header(COOKIE, cookie))
    }

    /// Sends a request and keeps what the answer sets.
    pub async fn post(&mut self, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = body.iter().fold(self.request(path), RequestBuilder::json);
        let answer = request.send().await.unwrap();
        let status = answer.status();
        if let Some(set) = answer.headers().get(SET_COOKIE) {
            let set = set.to_str().unwrap();
            let pair = set.split(';').next().unwrap();
            self.cookie = (!set.contains("Max-Age=0")).then(|| pair.to_owned());
        }
        let body: Value = answer.json().await.unwrap_or_default();
        if let Some(token) = body["access_token"].as_str() {
            self.token = Some(token.to_owned());
        }
        (status, body)
    }

    pub async fn enter(&mut self, path: &str, name: &str, password: &str) -> (StatusCode, Value) {
        self.post(path, Some(json!({ "name": name, "password": password }))).await
    }

    pub async fn sign_up(address: std::net::SocketAddr, name: &str) -> Self {
        let mut browser = Self::new(address);
        let (status, body) = browser.enter("/api/v1/sign-up", name, PASSWORD).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        browser
    }

    pub async fn sign_in(address: std::net::SocketAddr, name: &str) -> Self {
        let mut browser = Self::new(address);
        let (status, body) = browser.enter("/api/v1/sign-in", name, PASSWORD).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        browser
    }

    pub async fn refresh(&mut self) -> StatusCode {
        self.post("/api/v1/refresh", None).await.0
    }

    pub fn auth(&self) -> Auth {
        Auth { token: self.token.clone(), protocol: Some(1), ..Auth::default() }
    }

    /// Opens a socket with the token.
    pub async fn connect(&self) -> Person {
        let address = self.origin.strip_prefix("http://").unwrap().parse().unwrap();
        let mut person = Person::open(address, "/ws").await;
        person.sign_in(self.auth()).await;
        person
    }
}

#[tokio::test]
async fn an_account_is_the_same_person_on_two_devices() {
    let server = open().await;
    let at_home = Browser::sign_up(server.address, "花子").await;
    let mut laptop = at_home.connect().await;
    assert_eq!(laptop.name(), "花子");
    assert!(laptop.welcome().session.is_none() && laptop.welcome().expires_at.is_some());
    laptop.expect(joined).await;
    laptop.join(&room("tea")).await;
    laptop.say(&room("tea"), "from the laptop").await;

    let on_the_way = Browser::sign_in(server.address, "花子").await;
    let mut phone = on_the_way.connect().await;
    assert_eq!(phone.id(), laptop.id());
    let mut rooms = [phone.expect(joined).await, phone.expect(joined).await].map(|joined| joined.room);
    rooms.sort();
    assert_eq!(rooms, [general(), room("tea")], "its rooms come along");
    phone.say(&room("tea"), "from the phone").await;
    while said(&laptop.expect(message).await) != "from the phone" {}
}

#[tokio::test]
async fn an_account_stays_a_member_while_it_is_away_and_over_a_restart() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut bob = server.connect("bob").await;
    bob.join(&room("tea")).await;
    let mut hanako = browser.connect().await;
    let id = hanako.id();
    hanako.join(&room("tea")).await;
    hanako.close(1000).await;
    assert_eq!(bob.expect(presence("hanako")).await, PresenceStatus::Offline);
    let members =
        |joined: shared::Joined| joined.members.into_iter().map(|member| member.user_id).collect::<Vec<_>>();
    bob.leave(&room("tea")).await;
    assert!(members(bob.join(&room("tea")).await).contains(&id), "goodbye is not leaving");
    bob.leave(&room("tea")).await;

    let server = server.restart().await;
    let mut carol = server.connect("carol").await;
    let found = carol.join(&room("tea")).await;
    assert!(members(found).contains(&id), "the room lives on with its member");
    let mut hanako = Browser::sign_in(server.address, "hanako").await.connect().await;
    hanako.leave(&room("tea")).await;
    carol.leave(&room("tea")).await;
    assert!(!members(carol.join(&room("tea")).await).contains(&id), "leaving is");
}

#[tokio::test]
async fn a_name_belongs_to_the_account_and_a_guest_gives_way() {
    let server = open().await;
    let mut early = server.connect("Hanako").await;
    let mut demo = server.demo("hanаko").await;
    let mut bob = server.connect("bob").await;
    let account = Browser::sign_up(server.address, "hanako").await;
    let changed = |frame: &ServerFrame| match frame {
        ServerFrame::UserChanged { user, user_id, .. } => Some((user.to_string(), *user_id)),
        _ => None,
    };
    let told = early.expect(changed).await;
    assert_eq!(told, ("Hanako-3".to_owned(), early.id()), "the demo's client is hanаko-2 already");
    assert_eq!(bob.expect(changed).await, told);
    early.say(&general(), "who am I?").await;
    let posted = bob.expect(message).await;
    assert_eq!(posted.sender.as_str(), told.0);
    demo.send_text(r#"{"type":"chat","room":"general","content":"me too"}"#).await;
    assert_eq!(account.connect().await.name(), "hanako");

    let server = server.restart().await;
    let late = server.connect("HANAKO").await;
    assert!(late.name().starts_with("HANAKO-"), "{}", late.name());
    let mut browser = Browser::new(server.address);
    for taken in ["hanako", "HANAKO", "hanаko", "everyone"] {
        let (status, body) = browser.enter("/api/v1/sign-up", taken, PASSWORD).await;
        assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("name_taken")), "{taken}");
    }
}

#[tokio::test]
async fn a_guest_who_signs_up_stays_the_same_user() {
    let server = open().await;
    let (mut tab, mut bob) = (server.connect("hanako").await, server.connect("bob").await);
    let mut second_tab = server.resume(&tab.session(), &[]).await;
    tab.join(&room("tea")).await;
    bob.join(&room("tea")).await;
    let said_before = tab.say(&room("tea"), "as a guest").await;
    let (id, secret) = (tab.id(), tab.session());

    let mut browser = Browser::new(server.address);
    let request = browser.request("/api/v1/sign-up").bearer_auth(&secret);
    let answer = request.json(&json!({"name": "Hanako", "password": PASSWORD})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["user_id"], json!(id));
    browser.token = body["access_token"].as_str().map(str::to_owned);
    for tab in [&mut tab, &mut second_tab] {
        assert_eq!(tab.closed().await.code(), Some(CloseCode::SessionEnded.code()));
    }
    let mut account = browser.connect().await;
    assert_eq!((account.id(), account.name()), (id, "Hanako"));
    account.change(&room("tea"), said_before.seq, edit("as the same user")).await;
    let changed = bob.expect(|frame| match frame {
        ServerFrame::UserChanged { user, user_id, .. } => Some((user.to_string(), *user_id)),
        _ => None,
    });
    assert_eq!(changed.await, ("Hanako".to_owned(), id));

    let stranger = server.resume(&secret, &[]).await;
    assert!(!stranger.welcome().resumed && stranger.id() != id, "the secret is worth nothing");
    let again = browser.request("/api/v1/sign-up").bearer_auth(&secret);
    let answer = again.json(&json!({"name": "second", "password": PASSWORD})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let server = server.restart().await;
    let mut account = Browser::sign_in(server.address, "hanako").await.connect().await;
    assert_eq!(account.id(), id);
    account.change(&room("tea"), said_before.seq, edit("and after a restart")).await;
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let server = open().await;
    let mut browser = Browser::new(server.address);
    for (path, body, status, code, field) in [
        ("sign-up", json!({"name": "a"}), 400, "missing_field", Some("password")),
        ("sign-up", json!({"name": "", "password": PASSWORD}), 400, "invalid_name", Some("name")),
        ("sign-up", json!({"name": "a", "password": "1234567"}), 400, "invalid_password", Some("password")),
        ("sign-up", json!({"name": "a", "password": "Password"}), 400, "invalid_password", Some("password")),
        (
            "sign-up",
            json!({"name": "longname", "password": "LongName"}),
            400,
            "invalid_password",
            Some("password"),
        ),
        ("sign-in", json!({"name": "nobody", "password": PASSWORD}), 401, "wrong_credentials", None),
        ("sign-in", json!([]), 400, "bad_json", None),
    ] {
        let (answered, problem) = browser.post(&format!("/api/v1/{path}"), Some(body.clone())).await;
        assert_eq!(answered.as_u16(), status, "{body}: {problem}");
        assert_eq!((problem["code"].as_str(), problem["field"].as_str()), (Some(code), field), "{body}");
    }
    assert!(browser.cookie.is_none());
    let form = browser.request("/api/v1/sign-in").header("content-type", "text/plain");
    let answer = form.body(r#"{"name":"a","password":"b"}"#).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "a form of another page cannot sign in");
    let long =
        browser.request("/api/v1/sign-in").json(&json!({"name": "x".repeat(9_000)})).send().await.unwrap();
    assert!(long.status().is_client_error());

    let closed = TestServer::start().await;
    let (status, problem) = Browser::new(closed.address).enter("/api/v1/sign-up", "hanako", PASSWORD).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("sign_up_closed")));
}

#[tokio::test]
async fn a_cookie_counts_only_from_a_page_of_this_server() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let cookie = browser.cookie.clone().unwrap();
    assert!(cookie.starts_with("hiroba-"), "{cookie}");
    for path in ["/api/v1/refresh", "/api/v1/sign-out"] {
        let url = format!("{}{path}", browser.origin);
        for origin in [None, Some("http://evil.example"), Some("null")] {
            let request = reqwest::Client::new().post(&url).header(COOKIE, &cookie);
            let request = origin.iter().fold(request, |request, origin| request.header(ORIGIN, *origin));
            assert_eq!(
                request.send().await.unwrap().status(),
                StatusCode::FORBIDDEN,
                "{path} from {origin:?}"
            );
        }
    }
    let mut foreign = Browser { origin: browser.origin.clone(), ..Browser::new(server.address) };
    let request = foreign.request("/api/v1/sign-in").header(ORIGIN, "http://evil.example");
    let body = json!({"name": "hanako", "password": PASSWORD});
    assert_eq!(request.json(&body).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let (status, _) = foreign.post("/api/v1/refresh", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "without a cookie there is no session");
}

#[tokio::test]
async fn a_lost_answer_does_not_sign_out_and_a_copied_token_ends_the_session() {
    let server = open().await;
    let mut browser = Browser::sign_up(server.address, "hanako").await;
    let mut socket = browser.connect().await;
    let before = browser.clone();
    // The answer is lost: the browser still has the old cookie.
    assert_eq!(before.clone().refresh().await, StatusCode::OK);
    assert_eq!(browser.refresh().await, StatusCode::OK);
    assert_eq!(browser.refresh().await, StatusCode::OK, "and goes on");
    let mut thief = before;
    assert_eq!(thief.refresh().await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        socket.closed_within(Duration::from_secs(1)).await.code(),
        Some(CloseCode::SessionEnded.code())
    );
    assert_eq!(browser.refresh().await, StatusCode::UNAUTHORIZED, "nobody goes on with it");
}

#[tokio::test]
async fn tokens_survive_a_kill_between_the_commit_and_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--sign-up", "open"]);
    let mut browser = Browser::sign_up(server.address, "hanako").await;
    let before = browser.clone();
    assert_eq!(before.clone().refresh().await, StatusCode::OK);
    server.kill();
    let server = Process::start(folder.path(), &["--sign-up", "open"]);
    browser.origin = format!("http://{}", server.address);
    assert_eq!(browser.refresh().await, StatusCode::OK);
    assert_eq!(browser.connect().await.name(), "hanako");
}

#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_session_only() {
    let server = open().await;
    let mut laptop = Browser::sign_up(server.address, "hanako").await;
    let phone = Browser::sign_in(server.address, "hanako").await;
    let (mut tab, mut other_tab, mut pocket) =
        (laptop.connect().await, laptop.connect().await, phone.connect().await);
    let token = laptop.token.clone();
    let begun = Instant::now();
    assert_eq!(laptop.post("/api/v1/sign-out", None).await.0, StatusCode::NO_CONTENT);
    for tab in [&mut tab, &mut other_tab] {
        assert_eq!(tab.closed().await.code(), Some(CloseCode::SessionEnded.code()));
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(laptop.cookie.is_none());
    pocket.say(&general(), "the phone goes on").await;
    laptop.token = token;
    let mut late = server.open().await;
    late.send(Command::Auth(laptop.auth())).await;
    let refused = late.expect(failure).await;
    assert_eq!(refused, ErrorCode::NotAuthenticated, "the token of a session that has ended");
    late.sign_in(guest("still usable")).await;
}

fn failure(frame: &ServerFrame) -> Option<ErrorCode> {
    match frame {
        ServerFrame::Error { failure, .. } => Some(failure.code),
        _ => None,
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let server = open().await;
    let mut laptop = Browser::sign_up(server.address, "hanako").await;
    let phone = Browser::sign_in(server.address, "hanako").await;
    let (mut here, mut there) = (laptop.connect().await, phone.connect().await);
    let change = async |browser: &Browser, old: &str, new: &str| {
        let request = browser.request("/api/v1/password").bearer_auth(browser.token.as_ref().unwrap());
        request.json(&json!({"password": old, "new_password": new})).send().await.unwrap().status()
    };
    assert_eq!(change(&laptop, "not this password", "another password!").await, StatusCode::UNAUTHORIZED);
    assert_eq!(change(&laptop, PASSWORD, "password1").await, StatusCode::BAD_REQUEST);
    assert_eq!(change(&laptop, PASSWORD, "another password!").await, StatusCode::NO_CONTENT);
    assert_eq!(
        there.closed_within(Duration::from_secs(1)).await.code(),
        Some(CloseCode::SessionEnded.code())
    );
    here.say(&general(), "this one goes on").await;
    assert_eq!(laptop.refresh().await, StatusCode::OK);
    let mut browser = Browser::new(server.address);
    assert_eq!(browser.enter("/api/v1/sign-in", "hanako", PASSWORD).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.enter("/api/v1/sign-in", "HANAKO", "another password!").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_connection_lasts_as_long_as_its_token_and_can_be_renewed() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let short = async |seconds| signed(server.folder(), browser.token.as_ref().unwrap(), seconds).await;
    let (mut brief, mut person) = (server.open().await, server.open().await);
    let token = Some(short(6).await);
    brief.sign_in(Auth { token: token.clone(), ..browser.auth() }).await;
    person.sign_in(Auth { token, ..browser.auth() }).await;
    let answer = person.request(Command::Auth(browser.auth())).await;
    assert!(matches!(answer, Ok(ServerFrame::Renewed { .. })), "{answer:?}");
    brief.say(&general(), "until then all is well").await;
    assert_eq!(brief.closed_within(LIMIT).await.code(), Some(CloseCode::TokenExpired.code()));

    let expired = short(-1).await;
    let answer = person.request(Command::Auth(Auth { token: Some(expired), ..browser.auth() })).await;
    assert_eq!(answer.unwrap_err().code, ErrorCode::TokenExpired);
    let other = Browser::sign_in(server.address, "hanako").await;
    let answer = person.request(Command::Auth(other.auth())).await;
    assert_eq!(answer.unwrap_err().code, ErrorCode::AlreadyAuthenticated, "another session");
    person.say(&general(), "the connection is usable").await;
    let mut guest = server.connect("bob").await;
    let answer = guest.request(Command::Auth(other.auth())).await;
    assert_eq!(answer.unwrap_err().code, ErrorCode::AlreadyAuthenticated);
}

/// The same token with another expiry, signed with the server's own key.
async fn signed(folder: &std::path::Path, token: &str, seconds: i64) -> String {
    use sqlx::{Connection, Row};
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("hiroba.db")).read_only(true);
    let mut database = sqlx::sqlite::SqliteConnection::connect_with(&options).await.unwrap();
    let row = sqlx::query("SELECT private FROM signing_keys").fetch_one(&mut database).await.unwrap();
    let key = jsonwebtoken::EncodingKey::from_ec_der(&row.get::<Vec<u8>, _>(0));
    let header = jsonwebtoken::decode_header(token).unwrap();
    let mut claims: Value = jsonwebtoken::dangerous::insecure_decode(token).unwrap().claims;
    claims["exp"] = json!(chrono::Utc::now().timestamp() + seconds);
    jsonwebtoken::encode(&header, &claims, &key).unwrap()
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_per_name() {
    let server = TestServer::start_with(|config| {
        config.entrance.sign_up = Some(SignUp::Open);
        config.rate_limits = true;
        config.trusted_proxy = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    Browser::sign_up(server.address, "hanako").await;
    let browser = Browser::new(server.address);
    let try_from = async |client: &str, name: &str, password: &str| {
        let request = browser.request("/api/v1/sign-in").header("x-forwarded-for", client);
        let answer = request.json(&json!({"name": name, "password": password})).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(try_from("203.0.113.7", "hanako", "a wrong password").await.0);
    }
    assert_eq!(answers, [401, 401, 401, 401, 401, 429]);
    let (status, problem) = try_from("203.0.113.7", "hanako", PASSWORD).await;
    assert_eq!(status, 429, "the right one waits too");
    assert!(problem["retry_after_ms"].as_u64().is_some_and(|wait| wait <= 12_001), "{problem}");
    assert_eq!(try_from("203.0.113.7", "taro", PASSWORD).await.0, 401);
    assert_eq!(try_from("203.0.113.8", "hanako", PASSWORD).await.0, 200, "the owner is not kept out");
    let mut refused = 0;
    for client in 1..=80 {
        let (status, _) = try_from(&format!("198.51.100.{client}"), "hanako", "a wrong password").await;
        refused += usize::from(status == 429);
    }
    assert!((10..=40).contains(&refused), "many together are slowed down too: {refused}");
}

#[tokio::test]
async fn other_services_can_verify_tokens() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let url = format!("{}/.well-known/jwks.json", browser.origin);
    let keys: jsonwebtoken::jwk::JwkSet = reqwest::get(url).await.unwrap().json().await.unwrap();
    let token = browser.token.unwrap();
    let key =
        keys.find(&jsonwebtoken::decode_header(&token).unwrap().kid.unwrap()).expect("the key is listed");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    validation.set_audience(&["hiroba"]);
    let key = jsonwebtoken::DecodingKey::from_jwk(key).unwrap();
    jsonwebtoken::decode::<Value>(&token, &key, &validation).expect("it is valid");
}

#[tokio::test]
async fn search_over_http_knows_the_tokens_of_accounts() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    let search = |token: String| {
        let url = format!("{}/api/search?q=sencha", browser.origin);
        async move { reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap().status() }
    };
    assert_eq!(search(browser.token.clone().unwrap()).await, StatusCode::OK);
    assert_eq!(search("a.b.c".to_owned()).await, StatusCode::UNAUTHORIZED);
}

async fn hiroba_user(folder: &std::path::Path, arguments: &[&str], input: &str) -> Result<String, String> {
    hiroba(folder, &[&["user"], arguments].concat(), input).await
}

/// Runs `hiroba` with this standard input; returns what it prints, or why it failed.
pub async fn hiroba(folder: &std::path::Path, arguments: &[&str], input: &str) -> Result<String, String> {
    let mut command = Process::command(folder);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let input = input.to_owned();
    let run = move || {
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_manages_accounts_from_a_shell_while_the_server_runs_and_when_it_does_not() {
    // Longer than the path of a socket may be.
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("x".repeat(120));
    std::fs::create_dir(&folder).unwrap();
    let line = format!("{PASSWORD}\n");
    hiroba_user(&folder, &["add", "before"], &line).await.expect("without a server");

    let server = Process::start(&folder, &[]);
    let mode = std::fs::metadata(folder.join("hiroba.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut guest = server.connect("Hanako").await;
    hiroba_user(&folder, &["add", "hanako"], &line).await.expect("while it runs");
    let changed = |frame: &ServerFrame| matches!(frame, ServerFrame::UserChanged { .. }).then_some(());
    guest.expect(changed).await;
    for (name, problem) in [("hanako", "taken"), ("everyone", "taken"), ("", "empty")] {
        let refused = hiroba_user(&folder, &["add", name], &line).await.unwrap_err();
        assert!(refused.contains(problem), "{name}: {refused}");
    }
    let refused = hiroba_user(&folder, &["add", "short"], "1234567\n").await.unwrap_err();
    assert!(refused.contains("8 to 128 characters"), "{refused}");
    assert!(hiroba_user(&folder, &["disable", "nobody"], "").await.unwrap_err().contains("no account"));

    let mut browser = Browser::sign_in(server.address, "hanako").await;
    let mut socket = browser.connect().await;
    let begun = Instant::now();
    let told = hiroba_user(&folder, &["disable", "hanako"], "").await.unwrap();
    assert!(told.contains("one session ended"), "{told}");
    assert_eq!(socket.closed().await.code(), Some(CloseCode::SessionEnded.code()));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(browser.refresh().await, StatusCode::UNAUTHORIZED);
    let (status, problem) = browser.enter("/api/v1/sign-in", "hanako", PASSWORD).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("account_disabled")));
    let (status, _) = browser.enter("/api/v1/sign-in", "hanako", "a wrong password").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "who does not know the password learns nothing");
    hiroba_user(&folder, &["enable", "hanako"], "").await.unwrap();
    hiroba_user(&folder, &["passwd", "hanako"], "another password!\r\n").await.unwrap();
    let (status, _) = browser.enter("/api/v1/sign-in", "hanako", "another password!").await;
    assert_eq!(status, StatusCode::OK);
    let list = hiroba_user(&folder, &["list"], "").await.unwrap();
    assert_eq!(
        list.lines().map(|line| line.split('\t').nth(1).unwrap()).collect::<Vec<_>>(),
        ["before", "hanako"]
    );

    server.kill();
    hiroba_user(&folder, &["disable", "before"], "").await.expect("after a crash");
    let server = Process::start(&folder, &[]);
    let (status, _) = Browser::new(server.address).enter("/api/v1/sign-in", "before", PASSWORD).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let list = hiroba_user(&folder, &["list"], "").await.unwrap();
    assert!(list.lines().next().unwrap().ends_with("before\tmember\tdisabled"), "{list}");
}

#[tokio::test]
async fn a_request_that_is_given_up_ends_the_session_everywhere_all_the_same() {
    let server = open().await;
    Browser::sign_up(server.address, "hanako").await;
    for _ in 0..10 {
        let browser = Browser::sign_in(server.address, "hanako").await;
        let mut socket = browser.connect().await;
        let request = format!(
            "POST /api/v1/sign-out HTTP/1.1\r\nHost: chat\r\nOrigin: {}\r\nCookie: {}\r\nContent-Length: 0\r\n\r\n",
            browser.origin,
            browser.cookie.as_ref().unwrap()
        );
        let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        // As a page does that is closed.
        drop(stream);
        let closed = socket.closed_within(Duration::from_secs(2)).await;
        assert_eq!(closed.code(), Some(CloseCode::SessionEnded.code()));
    }
}

#[tokio::test]
async fn what_was_revoked_since_a_backup_stays_revoked_after_its_restore() {
    let server = open().await;
    let mut browser = Browser::sign_up(server.address, "hanako").await;
    let (elsewhere, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let backup = elsewhere.path().join("backup.db");
    hiroba::maintenance::backup(server.folder(), &backup).await.unwrap();
    hiroba::maintenance::restore(fresh.path(), &backup).await.unwrap();
    let restored = TestServer::start_in(fresh).await;
    browser.origin = format!("http://{}", restored.address);
    assert_eq!(browser.refresh().await, StatusCode::UNAUTHORIZED);
    let browser = Browser::sign_in(restored.address, "hanako").await;
    assert_eq!(browser.connect().await.name(), "hanako", "the account itself is there");
}
