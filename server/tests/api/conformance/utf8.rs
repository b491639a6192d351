//! Text is UTF-8 (section 8.1; Autobahn 6), with the sequences of Markus Kuhn's decoder test.

use super::{CONTINUATION, CUTS, Cut, FIN, Peer, TEXT, frame, request};
use crate::harness::TestServer;

const BEGIN: u8 = TEXT & !FIN;
const MORE: u8 = CONTINUATION & !FIN;

/// Valid text that the `id` of a request does not allow: control characters.
const CONTROL: [&str; 2] = ["\0", "\u{1f}"];

fn valid() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        "Hello-µ@ßöäüàá-UTF-8!!",
        "hello$world",
        "hello¢world",
        "hello€world",
        "hello\u{24B62}world",
        "κόσμε",
        // The first and the last sequence of each length.
        "\u{80}\u{800}\u{10000}",
        "\u{7F}\u{7FF}\u{FFFF}\u{10FFFF}",
        // Code points around the surrogates, and the replacement character.
        "\u{D7FF}\u{E000}\u{FFFD}",
        "\u{FFF9}\u{FFFA}\u{FFFB}\u{FFFC}\u{FFFD}\u{FFFE}\u{FFFF}",
        "\u{FEFF}",
    ]
    .map(str::to_owned)
    .into();
    // Noncharacters are valid text.
    texts.extend((0..=0x10_u32).filter_map(|plane| {
        let ends = [0xFFFE, 0xFFFF].map(|place| char::from_u32(plane << 16 | place));
        ends.into_iter().collect::<Option<String>>()
    }));
    // Prefixes that end at a character boundary; the others are below.
    texts.extend("κόσμε".char_indices().map(|(end, _)| "κόσμε"[..end].to_owned()));
    texts
}

fn invalid() -> Vec<Vec<u8>> {
    let cut_off: [&[u8]; 10] = [
        b"\xC0",
        b"\xE0\x80",
        b"\xF0\x80\x80",
        b"\xF8\x80\x80\x80",
        b"\xFC\x80\x80\x80\x80",
        b"\xDF",
        b"\xEF\xBF",
        b"\xF7\xBF\xBF",
        b"\xFB\xBF\xBF\xBF",
        b"\xFD\xBF\xBF\xBF\xBF",
    ];
    let others: [&[u8]; 49] = [
        // Sequences of five and six bytes.
        b"\xF8\x88\x80\x80\x80",
        b"\xFC\x84\x80\x80\x80\x80",
        b"\xF7\xBF\xBF\xBF",
        b"\xFB\xBF\xBF\xBF\xBF",
        b"\xFD\xBF\xBF\xBF\xBF\xBF",
        // Beyond U+10FFFF.
        b"\xF4\x90\x80\x80",
        b"\xF5\x80\x80\x80",
        // Unexpected continuation bytes.
        b"\x80",
        b"\xBF",
        b"\x80\xBF",
        b"\x80\xBF\x80",
        b"\x80\xBF\x80\xBF",
        b"\x80\xBF\x80\xBF\x80",
        b"\x80\xBF\x80\xBF\x80\xBF",
        // Impossible bytes.
        b"\xFE",
        b"\xFF",
        b"\xFE\xFE\xFF\xFF",
        // Overlong: an ASCII character, the largest ones, NUL.
        b"\xC0\xAF",
        b"\xE0\x80\xAF",
        b"\xF0\x80\x80\xAF",
        b"\xF8\x80\x80\x80\xAF",
        b"\xFC\x80\x80\x80\x80\xAF",
        b"\xC1\xBF",
        b"\xE0\x9F\xBF",
        b"\xF0\x8F\xBF\xBF",
        b"\xF8\x87\xBF\xBF\xBF",
        b"\xFC\x83\xBF\xBF\xBF\xBF",
        b"\xC0\x80",
        b"\xE0\x80\x80",
        b"\xF0\x80\x80\x80",
        b"\xF8\x80\x80\x80\x80",
        b"\xFC\x80\x80\x80\x80\x80",
        // Surrogates, alone and in pairs.
        b"\xED\xA0\x80",
        b"\xED\xAD\xBF",
        b"\xED\xAE\x80",
        b"\xED\xAF\xBF",
        b"\xED\xB0\x80",
        b"\xED\xBE\x80",
        b"\xED\xBF\xBF",
        b"\xED\xA0\x80\xED\xB0\x80",
        b"\xED\xA0\x80\xED\xBF\xBF",
        b"\xED\xAD\xBF\xED\xB0\x80",
        b"\xED\xAD\xBF\xED\xBF\xBF",
        b"\xED\xAE\x80\xED\xB0\x80",
        b"\xED\xAE\x80\xED\xBF\xBF",
        b"\xED\xAF\xBF\xED\xB0\x80",
        b"\xED\xAF\xBF\xED\xBF\xBF",
        // In the middle of valid text.
        b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited",
        b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xF4\x90\x80\x80edited",
    ];
    let mut sequences: Vec<Vec<u8>> = cut_off.iter().chain(&others).map(|bytes| bytes.to_vec()).collect();
    sequences.push(cut_off.concat());
    sequences.push((0x80..0xBF).collect());
    // Each first byte followed by a space instead of a continuation byte.
    let firsts = [0xC0..0xDF, 0xE0..0xEF, 0xF0..0xF7, 0xF8..0xFB, 0xFC..0xFD_u8];
    sequences.extend(firsts.map(|firsts| firsts.flat_map(|first| [first, b' ']).collect()));
    let text = "κόσμε".as_bytes();
    let half = (1..text.len()).filter(|&end| !"κόσμε".is_char_boundary(end));
    sequences.extend(half.map(|end| text[..end].to_vec()));
    sequences
}

#[tokio::test]
async fn valid_text_arrives_as_it_was_sent() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    for text in valid() {
        for cut in CUTS {
            peer.send_cut(&[frame(TEXT, request(&text))], cut).await;
            peer.is_answered(&text).await;
        }
    }
    for text in CONTROL {
        peer.send(frame(TEXT, text)).await;
        assert_eq!(peer.next_json().await["code"], "bad_json", "it was read as text");
    }
}

#[tokio::test]
async fn characters_may_be_cut_by_fragments() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    for text in valid() {
        let request = request(&text);
        // Split in two at every byte, and one fragment per byte.
        for at in request.find(&text).unwrap()..request.len() {
            let (first, second) = request.as_bytes().split_at(at);
            peer.send([frame(BEGIN, first), frame(CONTINUATION, second)].concat()).await;
            peer.is_answered(&text).await;
        }
        let mut frames: Vec<Vec<u8>> = request.bytes().map(|byte| frame(MORE, [byte])).collect();
        frames[0] = frame(BEGIN, "{");
        frames.push(frame(CONTINUATION, ""));
        peer.send_cut(&frames, Cut::Octets).await;
        peer.is_answered(&text).await;
    }
}

#[tokio::test]
async fn text_that_is_not_utf8_ends_the_connection_with_1007() {
    let server = TestServer::start().await;
    for bytes in invalid() {
        eprintln!("{bytes:x?}");
        let mut peer = Peer::open(&server).await;
        peer.send(frame(TEXT, &bytes)).await;
        peer.expect_close(1007).await;
        // Inside an otherwise valid request, one byte per write.
        let mut peer = Peer::open(&server).await;
        let request = [br#"{"type":"ping","id":""#, &bytes[..], br#""}"#].concat();
        peer.send_cut(&[frame(TEXT, request)], Cut::Octets).await;
        peer.expect_close(1007).await;
        // One frame per byte.
        let mut peer = Peer::open(&server).await;
        let mut frames = vec![frame(BEGIN, "")];
        frames.extend(bytes.iter().map(|byte| frame(MORE, [*byte])));
        frames.push(frame(CONTINUATION, ""));
        peer.send_cut(&frames, Cut::Not).await;
        peer.expect_close(1007).await;
    }
}

/// A valid prefix, and the byte that makes the text invalid whatever follows.
const WRONG: [(&[u8], &[u8]); 2] = [
    // A surrogate: invalid at its second byte.
    (b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED", b"\xA0"),
    // Beyond U+10FFFF: invalid at its second byte.
    (b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xF4", b"\x90"),
];

#[tokio::test]
async fn wrong_text_is_refused_before_the_message_ends() {
    let server = TestServer::start().await;
    for (good, wrong) in WRONG {
        let mut peer = Peer::open(&server).await;
        peer.send(frame(BEGIN, good)).await;
        peer.send(frame(0x89, "in between")).await;
        peer.is_ponged("in between").await;
        peer.send(frame(MORE, wrong)).await;
        peer.expect_close(1007).await;
    }
}

#[tokio::test]
async fn wrong_text_is_refused_before_the_frame_ends() {
    let server = TestServer::start().await;
    for (good, wrong) in WRONG {
        let whole = frame(TEXT, [good, wrong, b"\x80\x80edited"].concat());
        let wrong_at = 6 + good.len();
        let mut peer = Peer::open(&server).await;
        peer.send_cut(&[whole[..wrong_at].to_vec()], Cut::Octets).await;
        peer.send(&whole[wrong_at..=wrong_at]).await;
        peer.expect_close(1007).await;
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_no_violation_in_a_binary_message() {
    let server = TestServer::start().await;
    let mut peer = Peer::open(&server).await;
    for bytes in invalid() {
        peer.send(frame(0x82, bytes)).await;
        assert_eq!(peer.next_json().await["code"], "not_text");
    }
    peer.is_usable().await;
}
