//! The opening handshake (section 4.2).

use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::frame;
use crate::harness::raw::read_head;
use crate::harness::{RawSocket, TestServer};

const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=";

/// Sends a handshake with changed headers: each change replaces the header of that name, or removes it if the value is
/// empty.
async fn open(address: SocketAddr, path: &str, request: &str, changes: &[&str]) -> (String, TcpStream) {
    let host = format!("Host: {address}");
    let usual = [&host, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", KEY];
    let name = |line: &str| line.split(':').next().unwrap_or_default().to_lowercase();
    let replaced = |line: &&str| !changes.iter().any(|change| name(change) == name(line));
    let kept = usual.into_iter().filter(replaced);
    let given = changes.iter().copied().filter(|line| !line.ends_with(':'));
    let lines: Vec<&str> = kept.chain(given).collect();
    let head = format!("{}\r\n{}\r\n\r\n", request.replace("PATH", path), lines.join("\r\n"));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    (read_head(&mut stream).await.to_lowercase(), stream)
}

#[tokio::test]
async fn every_legal_form_of_a_handshake_is_taken() {
    let server = TestServer::start().await;
    let forms: [&[&str]; 10] = [
        &[],
        &["Connection: keep-alive, Upgrade"],
        &["connection: upgrade"],
        &["CONNECTION: UPGRADE"],
        &["Connection: ,  keep-alive ,\tUPGRADE ,"],
        &["Connection: keep-alive", "Connection: Upgrade"],
        &["Upgrade: WebSocket"],
        &["Upgrade: h2c, WEBSOCKET"],
        &[
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
            "Sec-WebSocket-Protocol: a, b",
        ],
        &["SEC-WEBSOCKET-KEY: dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version: 13"],
    ];
    for path in ["/ws", "/", "/ws?room=general"] {
        for form in forms {
            let (answer, stream) = open(server.address, path, "GET PATH HTTP/1.1", form).await;
            assert!(answer.starts_with("http/1.1 101 "), "{path} {form:?}: {answer}");
            for line in [ACCEPT, "connection: upgrade", "upgrade: websocket"] {
                assert!(answer.lines().any(|given| given == line), "{line}: {answer}");
            }
            // No extension or subprotocol is negotiated, because none is supported.
            assert!(!answer.contains("extensions") && !answer.contains("sec-websocket-protocol"), "{answer}");
            let mut socket = RawSocket(stream);
            socket.send(&frame(0x89, "open")).await;
            assert_eq!(socket.receive().await.payload, b"open");
        }
    }
}

#[tokio::test]
async fn a_handshake_that_lacks_something_is_refused_with_a_status() {
    let server = TestServer::start().await;
    let get = "GET PATH HTTP/1.1";
    let cases: [(&str, &[&str], &str); 22] = [
        (get, &["Upgrade:"], "426"),
        (get, &["Upgrade: h2c"], "426"),
        (get, &["Upgrade: websockets"], "426"),
        (get, &["Connection:"], "400"),
        (get, &["Connection: keep-alive"], "400"),
        (get, &["Connection: upgraded"], "400"),
        (get, &["Sec-WebSocket-Version:"], "426"),
        (get, &["Sec-WebSocket-Version: 8"], "426"),
        (get, &["Sec-WebSocket-Version: 0"], "426"),
        (get, &["Sec-WebSocket-Version: 14"], "426"),
        (get, &["Sec-WebSocket-Version: thirteen"], "426"),
        (get, &["Sec-WebSocket-Version: 13, 8"], "426"),
        (get, &["Sec-WebSocket-Key:"], "400"),
        (get, &["Sec-WebSocket-Key: "], "400"),
        (get, &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"], "400"),
        (get, &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j"], "400"),
        (get, &["Sec-WebSocket-Key: not base64 at all !!!!!!"], "400"),
        (get, &[KEY, KEY], "400"),
        (get, &["Host:"], "400"),
        ("GET PATH HTTP/1.0", &[], "400"),
        ("POST PATH HTTP/1.1", &["Content-Length: 0"], "405"),
        ("PUT PATH HTTP/1.1", &["Content-Length: 0"], "405"),
    ];
    for (request, changes, status) in cases {
        let (answer, _) = open(server.address, "/ws", request, changes).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{request} {changes:?}: {answer}");
        if changes.iter().any(|line| line.starts_with("Sec-WebSocket-Version")) {
            assert!(answer.contains("\r\nsec-websocket-version: 13\r\n"), "it says what it speaks: {answer}");
        }
    }
}

#[tokio::test]
async fn frames_may_come_together_with_the_handshake() {
    let server = TestServer::start().await;
    let head = format!(
        "GET /ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\n{KEY}\r\n\r\n",
        server.address
    );
    let frames = [frame(0x89, "early"), frame(0x89, "bird")].concat();
    for early in [1, 6, 11, frames.len()] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&[head.as_bytes(), &frames[..early]].concat()).await.unwrap();
        assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 101 "));
        stream.write_all(&frames[early..]).await.unwrap();
        let mut socket = RawSocket(stream);
        assert_eq!(socket.receive().await.payload, b"early");
        assert_eq!(socket.receive().await.payload, b"bird");
    }
}
