//! Closing handshake (sections 5.5.1 and 7; Autobahn 7).

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::{CLOSE, CONTINUATION, CUTS, FIN, PING, Peer, TEXT, all_are_refused, frame, request};
use crate::harness::{LIMIT, TestServer};

fn goodbye(code: u16, reason: impl AsRef<[u8]>) -> Vec<u8> {
    frame(CLOSE, [&code.to_be_bytes(), reason.as_ref()].concat())
}

#[tokio::test]
async fn a_goodbye_with_a_valid_code_is_answered_with_it() {
    let server = TestServer::start().await;
    let valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
    for code in valid.into_iter().chain([3000, 3999, 4000, 4001, 4999]) {
        for reason in ["", "bye", "さようなら", &"x".repeat(123)] {
            let mut peer = Peer::open(&server).await;
            peer.send(goodbye(code, reason)).await;
            peer.expect_close(code).await;
        }
    }
}

#[tokio::test]
async fn a_goodbye_without_a_code_is_answered() {
    let server = TestServer::start().await;
    for cut in CUTS {
        let mut peer = Peer::open(&server).await;
        peer.send_cut(&[frame(CLOSE, "")], cut).await;
        peer.expect_close(1000).await;
    }
}

#[tokio::test]
async fn codes_that_may_not_be_sent_are_refused() {
    let server = TestServer::start().await;
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        let cases = [("alone", vec![goodbye(code, "")]), ("with a reason", vec![goodbye(code, "why")])];
        all_are_refused(&server, &cases, 1002).await;
    }
}

#[tokio::test]
async fn a_goodbye_of_one_byte_or_with_a_reason_that_is_too_long_is_refused() {
    let server = TestServer::start().await;
    let cases = [
        ("one byte", vec![frame(CLOSE, [3])]),
        ("124 bytes of reason", vec![goodbye(1000, [b'x'; 124])]),
        ("in fragments", vec![frame(CLOSE & !FIN, [3, 232]), frame(CONTINUATION, "")]),
    ];
    all_are_refused(&server, &cases, 1002).await;
}

#[tokio::test]
async fn a_reason_that_is_not_utf8_is_refused() {
    let server = TestServer::start().await;
    let wrong: [&[u8]; 4] = [
        b"\xFF",
        b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited",
        b"half a character \xE5\xBA",
        b"\xC0\x80",
    ];
    for reason in wrong {
        all_are_refused(&server, &[("a reason", vec![goodbye(1000, reason)])], 1007).await;
    }
}

#[tokio::test]
async fn what_comes_after_a_goodbye_is_ignored() {
    let server = TestServer::start().await;
    let after: [(&str, Vec<u8>); 6] = [
        ("a second goodbye", goodbye(1001, "")),
        ("a ping", frame(PING, "late")),
        ("a text", frame(TEXT, request("late"))),
        ("a text that is not UTF-8", frame(TEXT, b"\xFF")),
        ("a reserved opcode", frame(0x83, "late")),
        ("no frame at all", vec![0xFF; 100]),
    ];
    for (what, bytes) in after {
        for cut in CUTS {
            eprintln!("{what}, cut: {cut:?}");
            let mut peer = Peer::open(&server).await;
            peer.send_cut(&[goodbye(1000, ""), bytes.clone()], cut).await;
            peer.expect_close(1000).await;
        }
    }
}

#[tokio::test]
async fn a_goodbye_is_answered_after_what_was_asked_before_it() {
    let server = TestServer::start().await;
    for cut in CUTS {
        let mut peer = Peer::open(&server).await;
        let frames = [frame(TEXT, request("last words")), frame(PING, "last ping"), goodbye(1000, "")];
        peer.send_cut(&frames, cut).await;
        peer.is_answered("last words").await;
        peer.is_ponged("last ping").await;
        peer.expect_close(1000).await;
    }
}

#[tokio::test]
async fn a_goodbye_inside_of_a_message_is_answered_and_the_message_forgotten() {
    let server = TestServer::start().await;
    let text = request("never");
    let (first, second) = text.split_at(7);
    for cut in CUTS {
        let mut peer = Peer::open(&server).await;
        let frames = [frame(TEXT & !FIN, first), goodbye(1000, ""), frame(CONTINUATION, second)];
        peer.send_cut(&frames, cut).await;
        peer.expect_close(1000).await;
    }
}

#[tokio::test]
async fn a_stream_that_ends_without_a_goodbye_is_ended_as_well() {
    let server = TestServer::start().await;
    for unfinished in [&[][..], &[0x81], &frame(TEXT, request("x"))[..9], &frame(TEXT & !FIN, "{")] {
        let mut peer = Peer::open(&server).await;
        peer.send(unfinished).await;
        let (mut input, output) = peer.0.0.into_split();
        drop(output);
        let mut rest = Vec::new();
        timeout(LIMIT, input.read_to_end(&mut rest)).await.expect("an end in time").expect("an end in order");
        assert_eq!(rest, b"", "there is nobody to talk to");
    }
}
