//! The server speaks TLS itself.

use hiroba::config::Config;
use hiroba::tls::CertificateSource;
use rustls::HandshakeKind;
use rustls::version::{TLS12, TLS13};
use shared::{Position, Seq};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::tls::{Authority, Tunnel, ask_health, connect};
use crate::harness::{
    Follow, LIMIT, Person, Process, RawSocket, TestServer, chat, eventually, general, guest, message, new_id,
};

async fn start(authority: &Authority) -> TestServer {
    TestServer::start_with(|config| config.tls = Some(CertificateSource::Files(authority.files()))).await
}

/// Sends a request without TLS and returns the whole answer.
async fn ask_plainly(server: &TestServer, head: &str) -> String {
    let mut stream = TcpStream::connect(server.listens_at()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let count = timeout(LIMIT, stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer[..count]).into_owned()
}

#[tokio::test]
async fn people_chat_and_come_back_over_either_version() {
    let authority = Authority::new();
    let server = start(&authority).await;
    for version in [&TLS12, &TLS13] {
        let tunnel = Tunnel::with(server.listens_at(), authority.client(&[version])).await;
        let mut ann = Person::open(tunnel.address, "/ws").await;
        ann.sign_in(guest("Ann")).await;
        let joined = ann.join(&general()).await;
        let mut bob = server.connect("Bob").await;
        let said = bob.say(&general(), "over TLS").await;
        let heard = ann.expect(message).await.content.unwrap();
        assert_eq!(heard.as_str(), "over TLS");
        let session = ann.session();
        drop(ann);
        bob.say(&general(), "missed").await;
        let position = Position { epoch: joined.epoch, seq: said.seq };
        let mut ann = Person::resume(tunnel.address, &session, &[(&general(), position)]).await;
        let answer = ann.expect(crate::harness::joined).await;
        assert!(answer.events.iter().any(|event| format!("{event:?}").contains("missed")), "{answer:?}");
    }
}

#[tokio::test]
async fn the_key_exchange_withstands_quantum_computers_and_sessions_are_resumed() {
    let authority = Authority::new();
    let server = start(&authority).await;
    let client = authority.client(&[&TLS13]);
    let mut first = connect(server.listens_at(), client.clone()).await.unwrap();
    let group = first.get_ref().1.negotiated_key_exchange_group().unwrap().name();
    assert_eq!(format!("{group:?}"), "X25519MLKEM768");
    // The ticket comes behind the handshake.
    ask_health(&mut first).await;
    let mut second = connect(server.listens_at(), client).await.unwrap();
    ask_health(&mut second).await;
    assert_eq!(second.get_ref().1.handshake_kind(), Some(HandshakeKind::Resumed));
}

#[tokio::test]
async fn who_comes_without_tls_is_sent_to_where_it_is() {
    let authority = Authority::new();
    let server = start(&authority).await;
    let port = server.listens_at().port();
    let answer = ask_plainly(&server, "GET /?room=%E5%BA%83 HTTP/1.1\r\nHost: chat.example\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
    assert!(
        answer.contains(&format!("location: https://chat.example:{port}/?room=%E5%BA%83\r\n")),
        "{answer}"
    );
    let head = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let answer = ask_plainly(&server, head).await;
    assert!(
        answer.starts_with("HTTP/1.1 308") && answer.contains(&format!("https://a:{port}/ws")),
        "{answer}"
    );
    let answer = ask_plainly(&server, "GET / HTTP/1.1\r\nHost: a@b/c\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn a_new_certificate_is_used_without_a_restart_and_nobody_is_cut_off() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let files = authority.files();
    let [chain, key] = [&files.chain, &files.key].map(|file| file.to_str().unwrap());
    let server = Process::start(folder.path(), &["--tls-cert", chain, "--tls-key", key]);
    let tunnel = Tunnel::start(server.address, &files).await;
    let mut ann = Person::open(tunnel.address, "/ws").await;
    ann.sign_in(guest("Ann")).await;
    ann.join(&general()).await;
    let certificate = async || {
        let stream = connect(server.address, authority.client(&[&TLS13])).await.ok()?;
        stream.get_ref().1.peer_certificates().map(|chain| chain[0].clone())
    };
    let before = certificate().await.expect("a certificate");
    // One file first, as programs that renew certificates write them: the pair does not match.
    let old_key = std::fs::read(key).unwrap();
    authority.issue(&["localhost"], 2_095);
    let new_key = std::fs::read(key).unwrap();
    std::fs::write(key, old_key).unwrap();
    server.says("the certificate stays as it was").await;
    assert_eq!(certificate().await.as_ref(), Some(&before), "the old pair stays");
    std::fs::write(key, new_key).unwrap();
    let changed = async || certificate().await.filter(|now| *now != before);
    eventually("the new certificate is used", changed).await;
    ann.say(&general(), "still here").await;
}

#[tokio::test]
async fn keys_are_renewed_in_the_middle_of_a_conversation() {
    let authority = Authority::new();
    let server = start(&authority).await;
    let mut stream = connect(server.listens_at(), authority.client(&[&TLS13])).await.unwrap();
    for _ in 0..20 {
        stream.get_mut().1.refresh_traffic_keys().unwrap();
        ask_health(&mut stream).await;
    }
    // A peer that does nothing else makes the server work for nothing, and is given up.
    let flood = async {
        loop {
            stream.get_mut().1.refresh_traffic_keys()?;
            stream.flush().await?;
        }
    };
    let ended: Result<(), Box<dyn std::error::Error>> = timeout(LIMIT, flood).await.expect("it ends");
    ended.unwrap_err();
    connect(server.listens_at(), authority.client(&[&TLS13])).await.expect("others are served");
}

#[tokio::test]
async fn what_is_no_tls_ends_that_connection_only() {
    let authority = Authority::new();
    let server = start(&authority).await;
    let mut ann = server.connect("Ann").await;
    for garbage in [
        // A record of nothing, a ClientHello that ends early, TLS 1.0 alone, an oversized record.
        &[22, 3, 1, 0, 0][..],
        &[22, 3, 1, 0, 4, 1, 0, 0, 0],
        &[22, 3, 1, 255, 255, 1, 2, 3],
        &[22; 64],
    ] {
        let mut stream = TcpStream::connect(server.listens_at()).await.unwrap();
        stream.write_all(garbage).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        let ended = timeout(LIMIT, stream.read_to_end(&mut rest)).await.expect("the connection ends");
        assert!(
            ended.is_err() || rest.first().is_none_or(|&kind| kind == 21),
            "an alert or nothing: {rest:?}"
        );
    }
    // Garbage behind a good handshake.
    let stream = connect(server.listens_at(), authority.client(&[&TLS13])).await.unwrap();
    let (mut tcp, _) = stream.into_inner();
    tcp.write_all(&[23, 3, 3, 0, 32]).await.unwrap();
    tcp.write_all(&[7; 32]).await.unwrap();
    let mut rest = Vec::new();
    let _ = timeout(LIMIT, tcp.read_to_end(&mut rest)).await.expect("the connection ends");
    ann.say(&general(), "nobody else noticed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_stops_is_cut_off_and_one_that_is_slow_loses_nothing() {
    const MESSAGES: usize = 1_500;
    let authority = Authority::new();
    let server = start(&authority).await;
    let long = "x".repeat(3_900);
    let mut slow = server.connect("slow").await;
    let begin = slow.join(&general()).await;
    let session = slow.session();
    let mut writer = server.connect("writer").await;
    for _ in 0..MESSAGES {
        writer.send(chat(&general(), &long, new_id())).await;
        writer.expect(message).await;
    }
    assert_eq!(slow.closed().await.code(), Some(4_008));
    let position = Position { epoch: begin.epoch, seq: Seq::ZERO };
    let mut slow = server.resume(&session, &[(&general(), position)]).await;
    let answer = slow.expect(crate::harness::joined).await;
    let mut follow = Follow::from(&mut slow, answer).await;
    writer.say(&general(), "the last one").await;
    while follow.next(&mut slow).await.content.unwrap().as_str() != "the last one" {}
}

#[tokio::test]
async fn a_page_connects_where_the_certificate_says_whose_it_is() {
    let authority = Authority::new();
    let server = start(&authority).await;
    let port = server.listens_at().port();
    let mut stream = connect(server.listens_at(), authority.client(&[&TLS13])).await.unwrap();
    let mut allows = async |host: &str, origin: &str| {
        let head = format!(
            "POST /api/connect HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Length: 0\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4_096];
        let count = stream.read(&mut answer).await.unwrap();
        answer[..count].starts_with(b"HTTP/1.1 204")
    };
    let here = format!("localhost:{port}");
    assert!(allows(&here, &format!("https://{here}")).await);
    assert!(allows("127.0.0.1", "https://127.0.0.1").await, "a forwarded port");
    assert!(!allows(&here, &format!("http://{here}")).await, "a page that anybody may have changed");
    assert!(!allows(&here, "https://localhost:1").await, "another server of this host");
    assert!(!allows("evil.example", "https://evil.example").await, "a name that the certificate is not for");
}

#[tokio::test]
async fn everything_of_a_websocket_passes() {
    let authority = Authority::new();
    let server = start(&authority).await;
    let mut raw = RawSocket::open(server.address).await;
    raw.send_frame(0x89, b"are you there?").await;
    assert_eq!(raw.receive().await.payload, b"are you there?");
    // Larger than a record, smaller than a frame may be.
    raw.send_frame(0x82, &vec![0; 60_000]).await;
    assert!(raw.receive().await.payload.windows(8).any(|part| part == b"not_text"));
    raw.send_frame(0x88, &[]).await;
    assert_eq!(raw.receive().await.opcode, 8);
}

#[tokio::test]
async fn what_is_wrong_with_the_files_is_said_at_the_start() {
    let authority = Authority::new();
    let other = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let (files, others) = (authority.files(), other.files());
    let missing = folder.path().join("missing.pem");
    for (chain, key, wrong) in [
        (&missing, &files.key, "cannot read"),
        (&files.key, &files.key, "has no certificate"),
        (&files.chain, &files.chain, "is no private key"),
        (&files.chain, &others.key, "is not the key of"),
    ] {
        let mut program = Process::command(folder.path());
        program.args(["--listen", "127.0.0.1:0", "--tls-cert"]).arg(chain).arg("--tls-key").arg(key);
        let output = program.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(wrong), "{said}");
    }
    let mut program = Process::command(folder.path());
    program.arg("--tls-cert").arg(&files.chain);
    let said = String::from_utf8(program.output().unwrap().stderr).unwrap();
    assert!(said.contains("--tls-cert needs --tls-key"), "{said}");
    assert_eq!(Config::new(folder.path()).scheme(), "http");
}
