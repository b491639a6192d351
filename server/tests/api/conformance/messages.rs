//! Sizes of frames and messages (section 5.2; Autobahn 1 and 9, up to Hiroba's size limit).

use shared::limits::FRAME_BYTES;

use super::{BINARY, CONTINUATION, CUTS, Cut, FIN, Peer, TEXT, all_are_refused, frame};
use crate::harness::{TestServer, raw};

/// Returns a request of exactly `length` bytes, and its id.
fn request_of(length: usize) -> (String, String) {
    let id = format!("{length} bytes");
    let mut text = format!(r#"{{"type":"ping","id":"{id}","padding":""#);
    // Alternate one- and three-byte characters, so that splits fall inside characters.
    while text.len() + 6 <= length {
        text.push_str("a広");
    }
    text.extend(std::iter::repeat_n('x', length - text.len() - 2));
    text.push_str("\"}");
    assert_eq!(text.len(), length);
    (text, id)
}

#[tokio::test]
async fn texts_of_every_form_of_length_are_taken() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    for length in [64, 124, 125, 126, 127, 128, 129, 255, 256, 4_096, 65_534, 65_535, 65_536] {
        let (text, id) = request_of(length);
        for cut in CUTS {
            if cut != Cut::Octets || length <= 4_096 {
                peer.send_cut(&[frame(TEXT, &text)], cut).await;
                peer.is_answered(&id).await;
            }
        }
    }
    peer.send(frame(TEXT, "")).await;
    assert_eq!(peer.next_json().await["code"], "bad_json", "an empty text is a message");
}

#[tokio::test]
async fn binary_messages_of_every_form_of_length_are_read_and_refused_as_content() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    for length in [0, 1, 125, 126, 127, 128, 65_535, 65_536] {
        peer.send(frame(BINARY, vec![0xFE; length])).await;
        assert_eq!(peer.next_json().await["code"], "not_text");
    }
    let fragments = [frame(BINARY & !FIN, [0xFF; 100]), frame(CONTINUATION, [0xFE; 100])];
    peer.send_cut(&fragments, Cut::Octets).await;
    assert_eq!(peer.next_json().await["code"], "not_text");
    peer.is_usable().await;
}

#[tokio::test]
async fn the_largest_message_may_come_in_fragments_of_any_size() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let (text, id) = request_of(FRAME_BYTES);
    for size in [64, 256, 1_000, 4_096, 16_384, 65_535] {
        let mut frames: Vec<Vec<u8>> =
            text.as_bytes().chunks(size).map(|piece| frame(CONTINUATION & !FIN, piece)).collect();
        frames[0][0] |= TEXT & !FIN;
        frames.last_mut().unwrap()[0] |= FIN;
        peer.send_cut(&frames, Cut::Frames).await;
        peer.is_answered(&id).await;
    }
}

#[tokio::test]
async fn the_largest_frame_may_come_in_pieces_of_any_size() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    let (text, id) = request_of(FRAME_BYTES);
    for size in [64, 127, 1_001, 65_537] {
        let whole = frame(TEXT, &text);
        let pieces: Vec<Vec<u8>> = whole.chunks(size).map(<[u8]>::to_vec).collect();
        peer.send_cut(&pieces, Cut::Frames).await;
        peer.is_answered(&id).await;
    }
}

#[tokio::test]
async fn a_message_that_is_too_big_is_refused_before_its_payload_comes() {
    let server = TestServer::start().await;
    let header = |first: u8, length: u64| [raw::header(first, length), vec![0; 4]].concat();
    let all = || frame(TEXT & !FIN, vec![b'x'; FRAME_BYTES]);
    for first in [TEXT, BINARY, TEXT & !FIN] {
        for length in [FRAME_BYTES as u64 + 1, 1 << 24, 1 << 31, 1 << 32, 1 << 62, (1 << 63) - 1] {
            all_are_refused(&server, &[("a header", vec![header(first, length)])], 1009).await;
        }
    }
    for length in [1, 125, 126, 65_536, 1 << 40] {
        let mut peer = Peer::open(&server).await;
        peer.send_cut(&[all(), header(CONTINUATION, length)], Cut::Frames).await;
        peer.expect_close(1009).await;
    }
    let mut peer = Peer::open(&server).await;
    peer.send([all(), frame(CONTINUATION, "")].concat()).await;
    assert_eq!(peer.next_json().await["code"], "bad_json", "nothing more is not too much");
}

#[tokio::test]
async fn a_length_has_its_shortest_form() {
    let server = TestServer::start().await;
    let two = |first: u8, length: u16| [&[first, 0x80 | 126][..], &length.to_be_bytes(), &[0; 4]].concat();
    let eight = |first: u8, length: u64| [&[first, 0x80 | 127][..], &length.to_be_bytes(), &[0; 4]].concat();
    for first in [TEXT, BINARY] {
        let short = [0, 1, 125].map(|length| ("two bytes", vec![two(first, length)]));
        all_are_refused(&server, &short, 1002).await;
        let long = [0, 125, 126, 65_535].map(|length| ("eight bytes", vec![eight(first, length)]));
        all_are_refused(&server, &long, 1002).await;
        let negative = [1 << 63, u64::MAX].map(|length| ("negative", vec![eight(first, length)]));
        all_are_refused(&server, &negative, 1002).await;
    }
}

#[tokio::test]
async fn any_mask_is_taken_off_and_each_frame_may_have_another() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    for mask in [[0; 4], [0xFF; 4], [0x81, 0x00, 0x7B, 0x22], [1, 2, 3, 4]] {
        for length in 64..80 {
            let (text, id) = request_of(length);
            let mut bytes = raw::header(TEXT, length as u64);
            bytes.extend(mask);
            bytes.extend(text.bytes().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
            peer.send_cut(&[bytes], if length % 2 == 0 { Cut::Octets } else { Cut::Not }).await;
            peer.is_answered(&id).await;
        }
    }
}
