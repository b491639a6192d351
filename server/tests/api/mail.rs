//! Lost passwords by mail: whoever reads the confirmed address of an account gets a link, and nobody learns anything else.

use std::time::{Duration, Instant};

use reqwest::header::ORIGIN;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::CloseCode;
use shared::account::SignUp;
use sqlx::Connection;

use crate::accounts::{Browser, hiroba};
use crate::harness::{LIMIT, Mail, MailServer, Mood, Process, TestServer, database};

const PASSWORD: &str = "an uncommon password";
/// Jobs that may wait, as `server/src/chat/mail.rs` says.
const WAITING: usize = 256;

/// A server with a mail server.
async fn open(rate_limits: bool) -> (TestServer, MailServer) {
    let post = MailServer::start().await;
    let settings = post.settings();
    let server = TestServer::start_with(|config| {
        config.entrance.sign_up = Some(SignUp::Open);
        config.mail = Some(settings);
        config.rate_limits = rate_limits;
    });
    (server.await, post)
}

impl Browser {
    async fn wants_mail(&self, mail: &str) -> (StatusCode, Value) {
        let body = json!({ "mail": mail, "password": PASSWORD });
        self.ask(Method::POST, "/api/v1/account/mail", Some(body)).await
    }

    /// Uses a link at a place where nobody is signed in.
    async fn confirm(&self, link: &str) -> (StatusCode, Value) {
        Browser { token: None, ..self.clone() }
            .ask(Method::POST, "/api/v1/confirm-mail", Some(json!({ "link": link })))
            .await
    }

    /// Has an address and confirms it.
    async fn has_mail(&self, mail: &str, post: &mut MailServer) {
        assert_eq!(self.wants_mail(mail).await.0, StatusCode::ACCEPTED);
        let (status, body) = self.confirm(&post.mail().await.secret("mail")).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }

    async fn account(&self) -> Value {
        self.ask(Method::GET, "/api/v1/account", None).await.1
    }

    async fn forgot(&self, account: &str) -> (StatusCode, Value) {
        self.ask(Method::POST, "/api/v1/forgotten-password", Some(json!({ "account": account }))).await
    }

    async fn reset(&mut self, link: &str, password: &str) -> (StatusCode, Value) {
        self.post("/api/v1/reset-password", Some(json!({ "link": link, "password": password }))).await
    }
}

fn code(body: &Value) -> &str {
    body["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_in_a_mail() {
    let (server, mut post) = open(false).await;
    let hanako = Browser::sign_up(server.address, "花子").await;
    let told = hanako.account().await;
    assert_eq!((&told["can_mail"], &told["mail"]), (&json!(true), &Value::Null));
    hanako.has_mail("Hanako@example.jp", &mut post).await;
    let told = hanako.account().await;
    assert_eq!((&told["mail"], &told["mail_waiting"]), (&json!("Hanako@example.jp"), &Value::Null));

    let mut socket = hanako.connect().await;
    let mut browser = Browser::new(server.address);
    assert_eq!(browser.ask(Method::GET, "/api/v1/entrance", None).await.1["mail"], json!(true));
    assert_eq!(browser.forgot("花子").await.0, StatusCode::ACCEPTED);
    let first = post.mail().await;
    assert_eq!(browser.forgot(" hanako@EXAMPLE.jp").await.0, StatusCode::ACCEPTED);
    let Mail { from, to, head, text } = post.mail().await;
    assert_eq!((from.as_str(), &to[..]), ("chat@chat.example", &["Hanako@example.jp".to_owned()][..]));
    for line in
        ["From: Hiroba <chat@chat.example>", "To: Hanako@example.jp", "Auto-Submitted: auto-generated"]
    {
        assert!(head.lines().any(|header| header == line), "{head}");
    }
    assert!(
        head.contains("Date: ") && head.contains("@chat.example>") && head.contains("text/plain"),
        "{head}"
    );
    assert!(
        text.contains("花子") && text.contains("60 minutes") && text.contains("心当たりがない"),
        "{text}"
    );

    let (status, body) = browser.reset(&first.secret("reset"), "hanako hanako").await;
    assert_eq!((status, code(&body)), (StatusCode::GONE, "link_ended"), "a newer one replaces it");
    let link = Mail { from, to, head, text }.secret("reset");
    assert_eq!(browser.reset(&link, "hanako hanako").await.0, StatusCode::OK);
    assert_eq!(
        socket.closed_within(Duration::from_secs(1)).await.code(),
        Some(CloseCode::SessionEnded.code())
    );
    assert_eq!(code(&browser.reset(&link, "another password").await.1), "link_ended");
    assert_eq!(browser.enter("/api/v1/sign-in", "花子", "hanako hanako").await.0, StatusCode::OK);
    assert!(post.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_was_not_confirmed_gets_nothing_and_neither_does_a_disabled_account() {
    let (server, mut post) = open(false).await;
    let hanako = Browser::sign_up(server.address, "hanako").await;
    assert_eq!(hanako.wants_mail("hanako@example.jp").await.0, StatusCode::ACCEPTED);
    post.mail().await.secret("mail");
    let told = hanako.account().await;
    assert_eq!((&told["mail"], &told["mail_waiting"]), (&Value::Null, &json!("hanako@example.jp")));
    let (taro, disabled) =
        (Browser::sign_up(server.address, "taro").await, Browser::sign_up(server.address, "jiro").await);
    taro.has_mail("taro@example.jp", &mut post).await;
    disabled.has_mail("jiro@example.jp", &mut post).await;
    disabled.forgot("jiro").await;
    let link = post.mail().await.secret("reset");
    hiroba(server.folder(), &["user", "disable", "jiro"], "").await.unwrap();
    let mut browser = Browser::new(server.address);
    assert_eq!(code(&browser.reset(&link, "hanako hanako").await.1), "link_ended");
    for account in ["hanako", "hanako@example.jp", "jiro", "jiro@example.jp", "nobody", "@@", "taro"] {
        assert_eq!(browser.forgot(account).await, (StatusCode::ACCEPTED, Value::Null), "{account}");
    }
    // One after the other: what comes first is all there is.
    assert_eq!(post.mail().await.to, ["taro@example.jp"]);
    assert!(post.is_empty());
}

#[tokio::test]
async fn a_link_in_a_mail_ends_by_time() {
    let (server, mut post) = open(false).await;
    let mut hanako = Browser::sign_up(server.address, "hanako").await;
    hanako.has_mail("hanako@example.jp", &mut post).await;
    hanako.forgot("hanako").await;
    let reset = post.mail().await.secret("reset");
    hanako.wants_mail("new@example.jp").await;
    let confirm = post.mail().await.secret("mail");
    let mut database = database(server.folder()).await;
    let lasts = sqlx::query_scalar::<_, i64>(
        "SELECT expires_at - made_at FROM links WHERE user IS NOT NULL ORDER BY kind",
    );
    assert_eq!(lasts.fetch_all(&mut database).await.unwrap(), [3_600_000, 86_400_000], "an hour, and a day");
    database.close().await.unwrap();
    let server = server.restart_after("UPDATE links SET ends_at = 0").await;
    hanako.origin = format!("http://{}", server.address);
    assert_eq!(code(&hanako.reset(&reset, "hanako hanako").await.1), "link_ended");
    assert_eq!(code(&hanako.confirm(&confirm).await.1), "link_ended");
    assert_eq!(hanako.account().await["mail_waiting"], Value::Null);
}

#[tokio::test]
async fn an_address_belongs_to_one_account_and_nobody_learns_whose() {
    let (server, mut post) = open(false).await;
    let (hanako, eve) =
        (Browser::sign_up(server.address, "hanako").await, Browser::sign_up(server.address, "eve").await);
    // Both want it before anybody has it: who confirms first has it.
    assert_eq!(eve.wants_mail("hanako@example.jp").await.0, StatusCode::ACCEPTED);
    let early = post.mail().await.secret("mail");
    hanako.has_mail("hanako@example.jp", &mut post).await;
    let (status, body) = eve.confirm(&early).await;
    assert_eq!((status, code(&body)), (StatusCode::GONE, "link_ended"));

    let answers = [eve.wants_mail("free@example.jp").await, eve.wants_mail("HANAKO@example.jp").await];
    assert_eq!(answers[0], answers[1]);
    assert_eq!(eve.account().await["mail_waiting"], json!("HANAKO@example.jp"), "as any other");
    let free = post.mail().await;
    assert_eq!(free.to, ["free@example.jp"]);
    let told = post.mail().await;
    assert_eq!(told.to, ["HANAKO@example.jp"]);
    assert!(told.text.contains("in use already") && told.text.contains("「hanako」"), "{}", told.text);
    assert!(!told.text.contains('#') && !told.text.contains("eve"), "{}", told.text);
    assert_eq!(code(&eve.confirm(&free.secret("mail")).await.1), "link_ended", "a newer one replaces it");
    for (mail, password, status, wrong) in [
        ("no address", PASSWORD, StatusCode::BAD_REQUEST, "invalid_field"),
        ("a@example.jp\r\nBcc: b@example.jp", PASSWORD, StatusCode::BAD_REQUEST, "invalid_field"),
        ("a@example.jp", "not the password", StatusCode::UNAUTHORIZED, "wrong_credentials"),
    ] {
        let body = json!({ "mail": mail, "password": password });
        let (answered, body) = eve.ask(Method::POST, "/api/v1/account/mail", Some(body)).await;
        assert_eq!((answered, code(&body)), (status, wrong), "{mail}");
    }
}

#[tokio::test]
async fn the_former_address_is_told_of_a_change() {
    let (server, mut post) = open(false).await;
    let hanako = Browser::sign_up(server.address, "hanako").await;
    hanako.has_mail("old@example.jp", &mut post).await;
    hanako.forgot("hanako").await;
    let link = post.mail().await.secret("reset");
    hanako.has_mail("new@example.jp", &mut post).await;
    let told = post.mail().await;
    assert_eq!(told.to, ["old@example.jp"]);
    assert!(told.text.contains("was changed or removed"), "{}", told.text);
    let (status, _) = Browser::new(server.address).reset(&link, "hanako hanako").await;
    assert_eq!(status, StatusCode::GONE, "what was sent there before has ended");

    let remove = async |password: &str| {
        let body = json!({ "password": password });
        hanako.ask(Method::POST, "/api/v1/account/mail/delete", Some(body)).await.0
    };
    assert_eq!(remove("not the password").await, StatusCode::UNAUTHORIZED);
    assert_eq!(remove(PASSWORD).await, StatusCode::NO_CONTENT);
    assert_eq!(post.mail().await.to, ["new@example.jp"]);
    assert_eq!(hanako.account().await["mail"], Value::Null);
    assert_eq!(remove(PASSWORD).await, StatusCode::NO_CONTENT, "there is none");
    assert!(post.is_empty());
}

#[tokio::test]
async fn nobody_learns_from_an_answer_or_its_time_who_has_an_account() {
    let (server, mut post) = open(true).await;
    let hanako = Browser::sign_up(server.address, "hanako").await;
    hanako.has_mail("hanako@example.jp", &mut post).await;
    let client = reqwest::Client::new();
    let ask = async |account: &str| {
        let request = client.post(format!("{}/api/v1/forgotten-password", hanako.origin));
        let begun = Instant::now();
        let answer = request.header(ORIGIN, &hanako.origin).json(&json!({ "account": account }));
        let answer = answer.send().await.unwrap();
        let took = begun.elapsed();
        let mut headers = answer.headers().clone();
        headers.remove("date");
        (answer.status(), headers, answer.bytes().await.unwrap(), took)
    };
    let accounts = ["hanako", "hanako@example.jp", "nobody", "nobody@example.jp"];
    let mut first = None;
    let mut shortest = [Duration::MAX; 4];
    // A machine that is busy makes some answers late; each kind is asked before and after each other one.
    for round in 0..40 {
        for at in 0..accounts.len() {
            let at = (at + round) % accounts.len();
            let (status, headers, body, took) = ask(accounts[at]).await;
            assert_eq!(status, StatusCode::ACCEPTED);
            assert_eq!(first.get_or_insert((headers.clone(), body.clone())), &(headers, body));
            shortest[at] = shortest[at].min(took);
        }
    }
    let (least, most) = (shortest.iter().min().unwrap(), shortest.iter().max().unwrap());
    assert!(*most < *least * 2 + Duration::from_micros(200), "{shortest:?}");
}

#[tokio::test]
async fn an_account_gets_three_mails_an_hour_and_another_one_its_own() {
    let (server, mut post) = open(true).await;
    let (hanako, taro) =
        (Browser::sign_up(server.address, "hanako").await, Browser::sign_up(server.address, "taro").await);
    hanako.has_mail("hanako@example.jp", &mut post).await;
    taro.has_mail("taro@example.jp", &mut post).await;
    for account in ["hanako", "HANAKO", "hanako@example.jp", "hanako", "hanako@example.jp", "taro"] {
        assert_eq!(taro.forgot(account).await, (StatusCode::ACCEPTED, Value::Null));
    }
    for to in ["hanako", "hanako", "hanako", "taro"] {
        assert_eq!(post.mail().await.to, [format!("{to}@example.jp")]);
    }
    // Of addresses that it wants, it has wanted one.
    for mail in ["one@example.jp", "two@example.jp"] {
        assert_eq!(hanako.wants_mail(mail).await.0, StatusCode::ACCEPTED);
        assert_eq!(post.mail().await.to, [mail]);
    }
    let (status, body) = hanako.wants_mail("three@example.jp").await;
    assert_eq!((status, code(&body)), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert!(body["retry_after_ms"].as_u64().is_some_and(|wait| (1..=3_600_001).contains(&wait)), "{body}");
}

#[tokio::test]
async fn one_address_asks_ten_times_and_then_once_a_minute() {
    let post = MailServer::start().await;
    let settings = post.settings();
    let server = TestServer::start_with(|config| {
        config.mail = Some(settings);
        config.rate_limits = true;
        config.trusted_proxy = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let browser = Browser::new(server.address);
    let ask = async |client: &str| {
        let request = browser.request("/api/v1/forgotten-password").header("x-forwarded-for", client);
        request.json(&json!({ "account": "nobody" })).send().await.unwrap().status().as_u16()
    };
    let mut answers = Vec::new();
    for _ in 0..11 {
        answers.push(ask("203.0.113.7").await);
    }
    assert_eq!((&answers[..10], answers[10]), (&[202; 10][..], 429));
    assert_eq!(ask("203.0.113.8").await, 202);
}

#[tokio::test]
async fn a_mail_waits_while_the_mail_server_is_away() {
    let (server, mut post) = open(false).await;
    let hanako = Browser::sign_up(server.address, "hanako").await;
    hanako.has_mail("hanako@example.jp", &mut post).await;
    post.be(Mood::Away);
    hanako.forgot("hanako").await;
    post.connected(2).await;
    post.be(Mood::Well);
    let link = post.mail().await.secret("reset");
    assert_eq!(Browser::new(server.address).reset(&link, "hanako hanako").await.0, StatusCode::OK);
}

#[tokio::test]
async fn when_too_much_mail_waits_everybody_is_told_the_same() {
    let (server, mut post) = open(false).await;
    let hanako = Browser::sign_up(server.address, "hanako").await;
    hanako.has_mail("hanako@example.jp", &mut post).await;
    post.be(Mood::Silent);
    hanako.forgot("hanako").await;
    post.connected(2).await;
    for _ in 0..WAITING {
        assert_eq!(hanako.forgot("nobody").await.0, StatusCode::ACCEPTED);
    }
    let (known, unknown) = (hanako.forgot("hanako").await, hanako.forgot("nobody").await);
    assert_eq!(known, unknown);
    assert_eq!((known.0, code(&known.1)), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(known.1["retry_after_ms"], json!(1_000));
    assert_eq!(hanako.wants_mail("new@example.jp").await, known, "of addresses too");
    assert_eq!(hanako.account().await["mail_waiting"], Value::Null);

    let begun = Instant::now();
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(3), "a stop waits a second: {:?}", begun.elapsed());
}

#[tokio::test]
async fn without_a_mail_server_there_is_no_mail() {
    let server = TestServer::start_with(|config| config.entrance.sign_up = Some(SignUp::Open)).await;
    let hanako = Browser::sign_up(server.address, "hanako").await;
    assert_eq!(hanako.ask(Method::GET, "/api/v1/entrance", None).await.1["mail"], json!(false));
    assert_eq!(hanako.account().await["can_mail"], json!(false));
    for (status, body) in [hanako.forgot("hanako").await, hanako.wants_mail("hanako@example.jp").await] {
        assert_eq!((status, code(&body)), (StatusCode::NOT_FOUND, "not_found"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_addresses_nor_secrets_are_in_the_log() {
    let mut post = MailServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("smtp://chat:s3cr3t@{}", post.address);
    let arguments =
        ["--sign-up", "open", "--smtp-from", "chat@chat.example", "--public-url", "http://localhost"];
    let mut server = Process::start_as(folder.path(), &arguments, |mut program| {
        program.env("HIROBA_SMTP_URL", &url).env("RUST_LOG", "trace");
        program
    });
    let origin = format!("http://{}", server.address);
    let mut hanako = Browser::new(server.address);
    hanako.origin = "http://localhost".to_owned();
    let request = reqwest::Client::new().post(format!("{origin}/api/v1/sign-up"));
    let body = json!({ "name": "hanako", "password": PASSWORD });
    let answer: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
    (hanako.origin, hanako.token) = (origin, answer["access_token"].as_str().map(str::to_owned));
    hanako.has_mail("hanako@example.jp", &mut post).await;
    hanako.forgot("hanako").await;
    let link = post.mail().await.secret("reset");
    post.be(Mood::Unfriendly);
    hanako.forgot("hanako").await;
    server.says("a mail was not sent: the mail server refuses it with 550").await;
    server.signal(rustix::process::Signal::TERM);
    server.exit(LIMIT).await;
    let log = server.log();
    for hidden in ["s3cr3t", "hanako@example", "example.jp", &link] {
        assert!(!log.contains(hidden), "{hidden}");
    }
    assert_eq!(log.matches("a mail was not sent").count(), 1);
}
