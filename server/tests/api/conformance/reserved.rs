//! Reserved bits and opcodes (section 5.2; Autobahn 3 and 4).

use super::{CUTS, PING, Peer, TEXT, all_are_refused, frame, request};
use crate::harness::TestServer;

#[tokio::test]
async fn every_reserved_bit_ends_the_connection_and_what_came_before_is_answered() {
    let server = TestServer::start().await;
    for bits in 1..=7_u8 {
        for cut in CUTS {
            let mut peer = Peer::open(&server).await;
            let odd = frame(TEXT | bits << 4, request("never"));
            peer.send_cut(&[frame(TEXT, request("before")), odd, frame(PING, "after")], cut).await;
            peer.is_answered("before").await;
            peer.expect_close(1002).await;
        }
    }
}

#[tokio::test]
async fn reserved_bits_of_control_frames_end_the_connection_too() {
    let server = TestServer::start().await;
    for first in [0x88, 0x89, 0x8A, 0x80] {
        for bits in 1..=7 {
            let case = ("a reserved bit", vec![frame(first | bits << 4, "")]);
            all_are_refused(&server, &[case], 1002).await;
        }
    }
}

#[tokio::test]
async fn every_reserved_opcode_ends_the_connection_and_what_came_before_is_answered() {
    let server = TestServer::start().await;
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        for payload in ["", "reserved"] {
            for cut in CUTS {
                let mut peer = Peer::open(&server).await;
                let odd = frame(0x80 | opcode, payload);
                peer.send_cut(&[frame(TEXT, request("before")), odd, frame(PING, "after")], cut).await;
                peer.is_answered("before").await;
                peer.expect_close(1002).await;
            }
        }
    }
}

#[tokio::test]
async fn a_frame_without_a_mask_ends_the_connection() {
    let server = TestServer::start().await;
    let plain = |first: u8, payload: &str| [&[first, payload.len() as u8], payload.as_bytes()].concat();
    let cases = [
        ("a text", vec![plain(TEXT, &request("x"))]),
        ("an empty text", vec![plain(TEXT, "")]),
        ("a binary message", vec![plain(0x82, "x")]),
        ("a ping", vec![plain(0x89, "x")]),
        ("a pong", vec![plain(0x8A, "")]),
        ("a goodbye", vec![plain(0x88, "\u{3}")]),
        ("a last fragment", vec![frame(0x01, "{"), plain(0x80, "}")]),
    ];
    all_are_refused(&server, &cases, 1002).await;
}

#[tokio::test]
async fn no_frame_of_the_server_is_masked() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    peer.send([frame(TEXT, request("a")), frame(PING, "b"), frame(0x88, [3, 232])].concat()).await;
    // The harness reads the second byte as a length; with the mask bit set, it would be above 127.
    peer.is_answered("a").await;
    peer.is_ponged("b").await;
    peer.expect_close(1000).await;
}
