//! Limits by address, behind a proxy and without one.

use reqwest::StatusCode;
use shared::CloseCode;

use crate::harness::{Person, Process, TestServer, eventually, guest};

/// Sign-ins of one address that are allowed at once.
const BURST: usize = 100;

async fn server(proxies: &[&str]) -> TestServer {
    let proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
    TestServer::start_with(|config| {
        config.rate_limits = true;
        config.trusted_proxy = proxies;
        config.entrance.guests = Some(true);
    })
    .await
}

/// Tries a session that nobody has, as a sign-in.
async fn try_session(server: &TestServer, number: usize, header: &str, value: &str) -> StatusCode {
    let url = format!("http://{}/api/search?q=x", server.address);
    let request = reqwest::Client::new().get(url).bearer_auth(format!("{number:032x}"));
    request.header(header, value).send().await.unwrap().status()
}

#[tokio::test]
async fn each_client_behind_a_proxy_has_its_own_limits() {
    let server = server(&["127.0.0.0/8"]).await;
    let mut refused = 0;
    for number in 0..BURST + 10 {
        // What a client puts before the proxy's own entry changes nothing, and a /64 is one client.
        let forwarded = format!("198.51.100.{number}, 2001:db8::{number:x}, 127.0.0.9");
        let status = try_session(&server, number, "x-forwarded-for", &forwarded).await;
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((5..=10).contains(&refused), "{refused} of {}", BURST + 10);
    let standard = try_session(&server, 0, "forwarded", "for=\"[2001:db8::1]:9\";proto=https").await;
    assert_eq!(standard, StatusCode::TOO_MANY_REQUESTS, "the same client by the other header");
    let other = try_session(&server, 0, "x-forwarded-for", "2001:db8:0:1::1").await;
    assert_eq!(other, StatusCode::UNAUTHORIZED, "somebody else");
    let nobody = try_session(&server, 0, "x-forwarded-for", "127.0.0.9").await;
    assert_eq!(nobody, StatusCode::UNAUTHORIZED, "the proxy itself is not limited");
}

#[tokio::test]
async fn a_client_behind_a_proxy_has_as_many_websockets_as_any_other() {
    let server = server(&["127.0.0.1"]).await;
    let open = async |client| Person::forwarded(server.address, client).await;
    let mut open_ones = Vec::new();
    for _ in 0..200 {
        open_ones.push(open("203.0.113.7").await);
    }
    let mut one_too_many = open("203.0.113.7").await;
    assert_eq!(one_too_many.closed().await.code(), Some(CloseCode::TooManyConnections.code()));
    let mut other = open("203.0.113.8").await;
    other.sign_in(guest("bob")).await;
    drop(open_ones.pop());
    let again = async || {
        let mut again = open("203.0.113.7").await;
        again.try_send_text(r#"{"type":"ping"}"#).await.ok()?;
        again.try_next().await.ok().map(drop)
    };
    eventually("the place is free again", again).await;
}

#[tokio::test]
async fn without_the_setting_forwarded_headers_are_ignored_and_the_log_says_so_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    let url = format!("http://{}/api/search?q=x", server.address);
    for number in 0..BURST + 50 {
        let request = reqwest::Client::new().get(&url).bearer_auth(format!("{number:032x}"));
        let answer = request.header("x-forwarded-for", "203.0.113.7").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "addresses of this machine are not limited");
    }
    server.says("--trusted-proxy 127.0.0.1").await;
    assert_eq!(server.log().matches("--trusted-proxy").count(), 1);
}
