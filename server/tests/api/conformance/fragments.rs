//! Fragmented messages (section 5.4; Autobahn 5).

use super::{BINARY, CONTINUATION, CUTS, FIN, PING, PONG, Peer, TEXT, all_are_refused, frame, request};
use crate::harness::TestServer;

/// The first fragment of a text.
const BEGIN: u8 = TEXT & !FIN;
/// A middle fragment.
const MORE: u8 = CONTINUATION & !FIN;

#[tokio::test]
async fn a_text_in_fragments_is_one_message() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let text = request("fragment1 fragment2");
    for cut in CUTS {
        for at in [0, 1, text.len() / 2, text.len()] {
            let (first, second) = text.split_at(at);
            peer.send_cut(&[frame(BEGIN, first), frame(CONTINUATION, second)], cut).await;
            peer.is_answered("fragment1 fragment2").await;
        }
    }
}

#[tokio::test]
async fn a_fragment_may_be_a_single_byte_or_empty() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let text = request("広場 é 👩‍👩‍👧 €");
    let mut frames = vec![frame(BEGIN, "")];
    for byte in text.bytes() {
        frames.extend([frame(MORE, [byte]), frame(MORE, "")]);
    }
    frames.push(frame(CONTINUATION, ""));
    for cut in CUTS {
        peer.send_cut(&frames, cut).await;
        peer.is_answered("広場 é 👩‍👩‍👧 €").await;
    }
}

#[tokio::test]
async fn a_ping_between_fragments_is_answered_before_the_message() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let text = request("with a ping");
    let (first, second) = text.split_at(9);
    for cut in CUTS {
        let frames =
            [frame(BEGIN, first), frame(PING, "ping"), frame(PONG, "pong"), frame(CONTINUATION, second)];
        peer.send_cut(&frames, cut).await;
        peer.is_ponged("ping").await;
        peer.is_answered("with a ping").await;
    }
}

#[tokio::test]
async fn a_ping_between_fragments_is_answered_at_once() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let text = request("of five fragments");
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(text.len().div_ceil(5)).collect();
    assert_eq!(pieces.len(), 5);
    for cut in CUTS {
        peer.send_cut(&[frame(BEGIN, pieces[0]), frame(MORE, pieces[1]), frame(PING, "one")], cut).await;
        peer.is_ponged("one").await;
        peer.send_cut(&[frame(MORE, pieces[2]), frame(MORE, pieces[3]), frame(PING, "two")], cut).await;
        peer.is_ponged("two").await;
        peer.send_cut(&[frame(CONTINUATION, pieces[4])], cut).await;
        peer.is_answered("of five fragments").await;
    }
}

#[tokio::test]
async fn control_frames_in_fragments_are_refused() {
    let server = TestServer::start().await;
    for first in [PING, PONG, 0x88] {
        let fragments = vec![frame(first & !FIN, "fragment1"), frame(CONTINUATION, "fragment2")];
        let empty = vec![frame(first & !FIN, "")];
        let in_a_message = vec![frame(BEGIN, "{"), frame(first & !FIN, ""), frame(CONTINUATION, "}")];
        let cases = [("in fragments", fragments), ("empty", empty), ("in a message", in_a_message)];
        all_are_refused(&server, &cases, 1002).await;
    }
}

#[tokio::test]
async fn what_continues_nothing_is_refused() {
    let server = TestServer::start().await;
    let text = || frame(TEXT, request("never"));
    let two = || vec![frame(BEGIN, "{"), frame(CONTINUATION, "}")];
    let cases = [
        ("a last fragment", vec![frame(CONTINUATION, "non-continuation"), text()]),
        ("a fragment that is not the last", vec![frame(MORE, "non-continuation"), text()]),
        ("an empty fragment", vec![frame(MORE, ""), text()]),
        ("a last fragment, then fragments of a text", [vec![frame(CONTINUATION, "x")], two()].concat()),
        ("a fragment, then fragments of a text", [vec![frame(MORE, "x")], two()].concat()),
    ];
    all_are_refused(&server, &cases, 1002).await;
}

#[tokio::test]
async fn after_a_whole_message_there_is_nothing_to_continue() {
    let server = TestServer::start().await;
    let text = request("whole");
    let (first, second) = text.split_at(5);
    for (cut, odd) in CUTS.into_iter().flat_map(|cut| [(cut, MORE), (cut, CONTINUATION)]) {
        let mut peer = Peer::open(&server).await;
        let frames = [
            frame(BEGIN, first),
            frame(CONTINUATION, second),
            frame(odd, "fragment3"),
            frame(TEXT, request("never")),
        ];
        peer.send_cut(&frames, cut).await;
        peer.is_answered("whole").await;
        peer.expect_close(1002).await;
    }
}

#[tokio::test]
async fn no_message_begins_inside_of_another_one() {
    let server = TestServer::start().await;
    let cases = [
        ("two beginnings of texts", vec![frame(BEGIN, "{"), frame(BEGIN, "{")]),
        ("a whole text", vec![frame(BEGIN, "{"), frame(TEXT, request("never"))]),
        ("a whole binary message", vec![frame(BEGIN, "{"), frame(BINARY, "x")]),
        ("a text in a binary message", vec![frame(BINARY & !FIN, "x"), frame(TEXT, request("never"))]),
        (
            "a text after an empty beginning",
            vec![frame(BEGIN, ""), frame(MORE, ""), frame(TEXT, request("x"))],
        ),
    ];
    all_are_refused(&server, &cases, 1002).await;
}
