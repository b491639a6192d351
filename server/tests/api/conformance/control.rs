//! Pings, pongs and the limits of control frames (section 5.5; Autobahn 2).

use super::{CUTS, Cut, PING, PONG, Peer, all_are_refused, frame};
use crate::harness::TestServer;

#[tokio::test]
async fn a_ping_comes_back_with_exactly_its_payload() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let every_byte: Vec<u8> = (0..=255).collect();
    let payloads: [&[u8]; 7] = [
        b"",
        b"Hello, world!",
        b"\x00\xFF\xFE\xFD\xFC\xFB\x00\xFF",
        &[0xFE; 124],
        &[0xFE; 125],
        &every_byte[..125],
        &every_byte[131..],
    ];
    for payload in payloads {
        for cut in CUTS {
            peer.send_cut(&[frame(PING, payload)], cut).await;
            peer.is_ponged(payload).await;
        }
    }
}

#[tokio::test]
async fn a_control_frame_has_at_most_125_bytes() {
    let server = TestServer::start().await;
    for first in [PING, PONG, 0x88] {
        for length in [126, 127, 1_000, 65_535, 65_536] {
            let cases = [("a control frame", vec![frame(first, vec![b'x'; length])])];
            // Not byte by byte: that would be slow and test nothing new, because the header decides.
            let mut peer = Peer::open(&server).await;
            peer.send_cut(&cases[0].1, Cut::Not).await;
            peer.expect_close(1002).await;
        }
        // The header alone is enough.
        let header = frame(first, [b'x'; 126])[..8].to_vec();
        all_are_refused(&server, &[("a header", vec![header])], 1002).await;
    }
}

#[tokio::test]
async fn a_pong_that_nobody_asked_for_is_ignored() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    for cut in CUTS {
        peer.send_cut(&[frame(PONG, ""), frame(PONG, "unsolicited"), frame(PONG, [0xFF; 125])], cut).await;
        peer.is_usable().await;
        peer.send_cut(&[frame(PONG, "unsolicited"), frame(PING, "ping")], cut).await;
        peer.is_ponged("ping").await;
    }
}

#[tokio::test]
async fn ten_pings_in_a_row_are_answered_in_their_order() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let payloads: Vec<String> = (0..10).map(|number| format!("payload-{number}")).collect();
    let pings: Vec<Vec<u8>> = payloads.iter().map(|payload| frame(PING, payload)).collect();
    for cut in CUTS {
        peer.send_cut(&pings, cut).await;
        for payload in &payloads {
            peer.is_ponged(payload).await;
        }
    }
    peer.is_usable().await;
}

fn pings(count: usize) -> Vec<u8> {
    (0..count).flat_map(|number| frame(PING, format!("payload-{number}"))).collect()
}

#[tokio::test]
async fn a_ping_that_comes_too_fast_gets_its_pong_all_the_same() {
    let server = TestServer::start_with(|config| config.rate_limits = true).await;
    let mut peer = Peer::open(&server).await;
    // The rate limit allows a burst of a hundred frames.
    peer.send(pings(150)).await;
    for number in 0..150 {
        peer.is_ponged(format!("payload-{number}")).await;
    }
}

#[tokio::test]
async fn whoever_pings_on_and_on_is_closed_with_4029() {
    let server = TestServer::start_with(|config| config.rate_limits = true).await;
    let mut peer = Peer::open(&server).await;
    peer.send(pings(1_000)).await;
    let close = loop {
        let frame = peer.next().await;
        if frame.opcode != 10 {
            break frame;
        }
    };
    assert_eq!((close.opcode, &close.payload[..2]), (8, &4029u16.to_be_bytes()[..]));
}
