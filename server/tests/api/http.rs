//! The HTTP edge: health checks, statistics, the page, allowed origins, and slow or unusual clients.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::raw::read_head;
use crate::harness::{LIMIT, Process, TestServer, eventually, general};
use hiroba::config::Listen;

/// A modification of the lines of a handshake.
type Change = fn(&mut Vec<String>);

async fn ask(server: &TestServer, method: Method, path: &str) -> reqwest::Response {
    let url = format!("http://{}{path}", server.address);
    timeout(LIMIT, reqwest::Client::new().request(method, url).send()).await.unwrap().unwrap()
}

/// Sends a WebSocket handshake with these lines added or changed; returns the head of the answer.
async fn handshake(address: SocketAddr, path: &str, change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = [
        &format!("GET {path} HTTP/1.1"),
        &format!("Host: {address}"),
        "Connection: keep-alive, Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    .map(str::to_owned)
    .into();
    change(&mut lines);
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{}\r\n\r\n", lines.join("\r\n")).as_bytes()).await.unwrap();
    read_head(&mut stream).await
}

async fn with_origin(address: SocketAddr, origin: &str) -> String {
    handshake(address, "/ws", |lines| lines.push(format!("Origin: {origin}"))).await
}

#[tokio::test]
async fn health_and_readiness_answer() {
    let server = TestServer::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = ask(&server, Method::GET, path).await;
        assert_eq!((answer.status(), answer.text().await.unwrap().trim()), (StatusCode::OK, "ok"), "{path}");
    }
}

#[tokio::test]
async fn the_statistics_count_what_happens() {
    let server = TestServer::start().await;
    let before = server.stats().await;
    assert_eq!((&before["connections"], &before["messages"]), (&0.into(), &0.into()));
    let mut alice = server.connect("alice").await;
    let second = server.resume(&alice.session(), &[]).await;
    let _old = server.demo("old").await;
    alice.say(&general(), "one").await;
    alice.say(&general(), "two").await;
    let stats = server.stats().await;
    for (field, value) in [
        ("connections", 3),
        ("users", 2),
        ("rooms", 1),
        ("messages", 2),
        ("deliveries", 4),
        ("slow_consumers", 0),
    ] {
        assert_eq!(stats[field], value, "{field}");
    }
    for field in ["messages_per_second", "deliveries_per_second"] {
        assert!(stats[field].is_f64(), "{field}");
    }
    assert!(stats["uptime_seconds"].is_u64());
    assert!(stats["version"].as_str().unwrap().contains('.'));
    drop(second);
}

#[tokio::test]
async fn an_unknown_api_path_is_a_json_404() {
    let server = TestServer::start().await;
    for path in ["/api", "/api/", "/api//", "/api/nothing", "/api/stats/more", "/api/stats/", "/api/search/"]
    {
        let answer = ask(&server, Method::GET, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "not_found");
        assert!(problem["message"].is_string());
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let server = TestServer::start().await;
    let cases = [
        (Method::GET, "/"),
        (Method::GET, "/r/general"),
        (Method::GET, "/missing.js"),
        (Method::GET, "/api/nothing"),
        (Method::GET, "/api/stats"),
        (Method::GET, "/healthz"),
        (Method::POST, "/healthz"),
        (Method::DELETE, "/"),
        (Method::GET, "/ws"),
    ];
    for (method, path) in cases {
        let answer = ask(&server, method, path).await;
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
        let is_page = kind.starts_with("text/html");
        assert_eq!(policy.contains("script-src 'self'"), is_page, "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
    }
    let refused = with_origin(server.address, "http://evil.example").await.to_lowercase();
    assert!(refused.contains("nosniff") && refused.contains("content-security-policy"), "{refused}");
}

#[tokio::test]
async fn every_address_of_the_client_shows_the_page() {
    let server = TestServer::start().await;
    for (path, status) in [
        ("/", StatusCode::OK),
        ("/r/general", StatusCode::OK),
        ("/r/v1.2", StatusCode::OK),
        ("/r/a%2Fb", StatusCode::OK),
        ("/r/general/m/12", StatusCode::OK),
        ("/r/a/b", StatusCode::NOT_FOUND),
        ("/nothing/here", StatusCode::NOT_FOUND),
    ] {
        let answer = ask(&server, Method::GET, path).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        assert!(answer.text().await.unwrap().to_lowercase().contains("<!doctype html"));
    }
    assert_eq!(ask(&server, Method::GET, "/missing.js").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ask(&server, Method::POST, "/").await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn another_form_of_a_path_leads_to_its_own_form_or_nowhere() {
    let server = TestServer::start().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for (path, own) in [
        ("/healthz/", "/healthz"),
        ("/readyz/", "/readyz"),
        ("/readyz//", "/readyz"),
        ("/r/general/", "/r/general"),
        ("/r/general/?from=mail", "/r/general?from=mail"),
        ("/r/%E9%9B%91%E8%AB%87/", "/r/%E9%9B%91%E8%AB%87"),
        ("//evil.example/", "/evil.example"),
        ("/index.html", "/"),
    ] {
        let answer = client.get(format!("http://{}{path}", server.address)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(answer.headers()["location"], own, "{path}");
    }
    // A client that follows the redirect gets the resource.
    let health = ask(&server, Method::GET, "/healthz/").await;
    assert_eq!(health.text().await.unwrap(), "ok\n");
    for path in ["/ws/", "/r/general", "/nothing", "/api/ws"] {
        let answer = handshake(server.address, path, |_| {}).await;
        assert!(!answer.starts_with("HTTP/1.1 101") && !answer.starts_with("HTTP/1.1 2"), "{path}: {answer}");
    }
    let answer = handshake(server.address, "/ws/", |_| {}).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[tokio::test]
async fn the_page_is_not_sent_again_when_it_has_not_changed() {
    let server = TestServer::start().await;
    let page = ask(&server, Method::GET, "/").await;
    assert!(page.headers()["cache-control"].to_str().unwrap().contains("no-cache"));
    let tag = page.headers()["etag"].clone();
    let head = ask(&server, Method::HEAD, "/").await;
    assert_eq!((head.status(), &head.headers()["etag"]), (StatusCode::OK, &tag));
    assert!(head.bytes().await.unwrap().is_empty());
    let url = format!("http://{}/", server.address);
    let again = reqwest::Client::new().get(url).header("If-None-Match", tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(again.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_foreign_page_may_not_open_a_websocket() {
    let server = TestServer::start().await;
    let port = server.address.port();
    for path in ["/", "/ws"] {
        let answer =
            handshake(server.address, path, |lines| lines.push("Origin: http://evil.example".into())).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{path}: {answer}");
    }
    for foreign in [
        "null".to_owned(),
        format!("http://localhost:{}", port ^ 1),
        format!("https://localhost:{port}"),
        String::new(),
    ] {
        let answer = with_origin(server.address, &foreign).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{foreign:?}: {answer}");
    }
    for own in [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")] {
        let answer = with_origin(server.address, &own).await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{own}: {answer}");
    }
    let answer = handshake(server.address, "/ws", |_| {}).await;
    assert!(answer.starts_with("HTTP/1.1 101"), "programs send no Origin: {answer}");
}

#[tokio::test]
async fn a_page_of_the_address_that_the_connection_arrived_at_is_ones_own_and_no_other() {
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let server =
            TestServer::start_with(|config| config.listen = Listen::At(listen.parse().unwrap())).await;
        let port = server.address.port();
        // For the server, a second loopback address is equivalent to a LAN address.
        let address = SocketAddr::from(([127, 0, 0, 2], port));
        for own in [format!("http://127.0.0.2:{port}"), format!("http://localhost:{port}")] {
            let answer = with_origin(address, &own).await;
            assert!(answer.starts_with("HTTP/1.1 101"), "{listen}, {own}: {answer}");
        }
        for foreign in [
            format!("http://127.0.0.3:{port}"),
            format!("http://127.0.0.2:{}", port ^ 1),
            format!("https://127.0.0.2:{port}"),
            format!("http://chat.lan:{port}"),
            "http://127.0.0.2".to_owned(),
        ] {
            let answer = with_origin(address, &foreign).await;
            assert!(answer.starts_with("HTTP/1.1 403"), "{listen}, {foreign}: {answer}");
            let forged = handshake(address, "/ws", |lines| {
                lines[1] = format!("Host: {}", foreign.split_once("//").unwrap().1);
                lines.push(format!("Origin: {foreign}"));
            });
            let answer = forged.await;
            assert!(answer.starts_with("HTTP/1.1 403"), "{listen}, forged {foreign}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_page_can_ask_why_it_may_not_connect() {
    let server = TestServer::start().await;
    let connect = async |origin: Option<String>| {
        let request = reqwest::Client::new().post(format!("http://{}/api/connect", server.address));
        let request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
        timeout(LIMIT, request.send()).await.unwrap().unwrap()
    };
    for allowed in [None, Some(format!("http://{}", server.address))] {
        assert_eq!(connect(allowed).await.status(), StatusCode::NO_CONTENT);
    }
    let refused = connect(Some("http://chat.lan:8765".to_owned())).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["code"], "origin_not_allowed");
    assert!(
        problem["message"].as_str().unwrap().ends_with("--allow-origin http://chat.lan:8765"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_refusal_is_logged_once_with_the_origin_and_the_flag_that_allows_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let server = Process::start_with_log(folder.path(), &[], &log).await;
    for _ in 0..3 {
        with_origin(server.address, "http://chat.lan:8765").await;
    }
    handshake(server.address, "/ws", |lines| drop(lines.remove(3))).await;
    with_origin(server.address, "http://last.lan").await;
    let log = eventually("all of it is logged", async || {
        std::fs::read_to_string(&log).ok().filter(|log| log.contains("--allow-origin http://last.lan"))
    });
    let log = log.await;
    let count = |text: &str| log.lines().filter(|line| line.contains(text)).count();
    assert_eq!(count("--allow-origin http://chat.lan:8765"), 1, "{log}");
    assert_eq!(
        count("let the proxy before this server pass the headers Upgrade and Connection on"),
        1,
        "{log}"
    );
}

#[tokio::test]
async fn the_host_header_does_not_make_an_origin_ones_own() {
    let server = TestServer::start().await;
    let answer = handshake(server.address, "/ws", |lines| {
        lines[1] = "Host: evil.example".into();
        lines.push("Origin: http://evil.example".into());
    });
    assert!(answer.await.starts_with("HTTP/1.1 403"));
}

#[tokio::test]
async fn an_allowed_page_may_and_the_address_listened_on_no_longer() {
    let server = TestServer::start_with(|config| {
        config.allow_origin = vec!["http://localhost:8000".parse().unwrap()];
        config.public_url = Some("https://chat.example/".parse().unwrap());
    });
    let server = server.await;
    for allowed in ["http://localhost:8000", "https://chat.example"] {
        let answer = with_origin(server.address, allowed).await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{allowed}: {answer}");
    }
    for foreign in ["http://localhost:8001", "https://chat.example.evil.example", "http://chat.example"] {
        let answer = with_origin(server.address, foreign).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{foreign}: {answer}");
    }
    let own = with_origin(server.address, &format!("http://{}", server.address)).await;
    assert!(own.starts_with("HTTP/1.1 403"), "{own}");
}

#[tokio::test]
async fn a_handshake_that_is_none_is_refused() {
    let server = TestServer::start().await;
    let cases: [(&str, Change, &str); 7] = [
        ("version 8", |lines| lines[4] = "Sec-WebSocket-Version: 8".into(), "426"),
        ("no version", |lines| drop(lines.remove(4)), "426"),
        ("no key", |lines| drop(lines.remove(5)), "400"),
        ("a short key", |lines| lines[5] = "Sec-WebSocket-Key: c2hvcnQ=".into(), "400"),
        ("no Connection: upgrade", |lines| lines[2] = "Connection: keep-alive".into(), "400"),
        ("POST", |lines| lines[0] = "POST /ws HTTP/1.1".into(), "4"),
        ("no upgrade at all", |lines| lines.truncate(2), "426"),
    ];
    for (what, change, status) in cases {
        let answer = handshake(server.address, "/ws", change).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{what}: {answer}");
        if what == "version 8" {
            assert!(answer.to_lowercase().contains("sec-websocket-version: 13"), "it says which: {answer}");
        }
    }
    let answer = ask(&server, Method::GET, "/ws").await;
    assert_eq!(answer.headers()["upgrade"], "websocket");
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "upgrade_required");
}

#[tokio::test]
async fn a_request_head_that_never_ends_is_closed_after_ten_seconds() {
    let server = TestServer::start().await;
    let begun = Instant::now();
    let slow = async |start: &str, drip: bool| {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        while timeout(Duration::from_secs(1), stream.read_to_end(&mut rest)).await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(14), "{start:?} is still open");
            if drip {
                let _ = stream.write_all(b"X: y\r\n").await;
            }
        }
        begun.elapsed()
    };
    let (nothing, half, dripping) = tokio::join!(
        slow("", false),
        slow("GET / HTTP/1.1\r\nHost: x\r\n", false),
        slow("GET / HTTP/1.1\r\n", true)
    );
    for after in [nothing, half, dripping] {
        assert!((9..=12).contains(&after.as_secs()), "{after:?}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = TestServer::start().await;
    let answer = handshake(server.address, "/", |lines| {
        lines.truncate(2);
        lines.push(format!("X-Large: {}", "x".repeat(40_000)));
    });
    assert!(answer.await.starts_with("HTTP/1.1 4"));
    assert_eq!(ask(&server, Method::GET, "/healthz").await.status(), StatusCode::OK);
}
