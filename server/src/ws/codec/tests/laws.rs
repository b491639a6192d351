//! Properties of the decoder for every stream, however it is split.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::fuzzing;
use super::*;

/// A message or control frame of the peer.
#[derive(Debug, Clone)]
enum Sent {
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// A message: its fragments, each with the control frames after it.
    Text(Vec<(String, Vec<Sent>)>),
    Binary(Vec<(Vec<u8>, Vec<Sent>)>),
    Close(u16, String),
}

impl Sent {
    /// Appends the frames, each with a different mask, and the messages that must be decoded.
    fn encode(&self, stream: &mut Vec<u8>, expected: &mut Vec<Incoming>) {
        match self {
            Self::Ping(payload) => {
                put_frame(stream, 0x80 | PING, payload);
                expected.push(Incoming::Ping(payload.clone()));
            }
            Self::Pong(payload) => {
                put_frame(stream, 0x80 | PONG, payload);
                expected.push(Incoming::Pong);
            }
            Self::Close(code, reason) => {
                let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
                put_frame(stream, 0x80 | CLOSE, &payload);
                expected.push(Incoming::Close(Some(*code)));
            }
            Self::Text(pieces) => {
                let bytes = pieces.iter().map(|(text, between)| (text.as_bytes(), &between[..]));
                encode_fragments(TEXT, bytes, stream, expected);
                expected.push(Incoming::Text(pieces.iter().map(|(text, _)| text.as_str()).collect()));
            }
            Self::Binary(pieces) => {
                let bytes = pieces.iter().map(|(bytes, between)| (&bytes[..], &between[..]));
                encode_fragments(BINARY, bytes, stream, expected);
                expected.push(Incoming::Binary);
            }
        }
    }
}

/// Encodes roughly these pieces as fragments: each one leaves its last byte to the next, so that characters are split.
fn encode_fragments<'a>(
    opcode: u8,
    pieces: impl ExactSizeIterator<Item = (&'a [u8], &'a [Sent])>,
    stream: &mut Vec<u8>,
    expected: &mut Vec<Incoming>,
) {
    let last = pieces.len() - 1;
    let mut fragment = Vec::new();
    for (index, (bytes, between)) in pieces.enumerate() {
        fragment.extend_from_slice(bytes);
        let handed_on = if index < last { fragment.pop() } else { None };
        let fin = if index == last { 0x80 } else { 0 };
        put_frame(stream, fin | if index == 0 { opcode } else { CONTINUATION }, &fragment);
        fragment = handed_on.into_iter().collect();
        if index < last {
            for sent in between {
                sent.encode(stream, expected);
            }
        }
    }
}

/// Appends one frame, with a mask derived from its offset.
fn put_frame(stream: &mut Vec<u8>, first: u8, payload: &[u8]) {
    let mask = (stream.len() as u32).wrapping_mul(0x9E37_79B9).to_be_bytes();
    let masked = frame(first, payload);
    let start = masked.len() - payload.len();
    stream.extend_from_slice(&masked[..start - 4]);
    stream.extend(mask);
    stream.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

fn control() -> impl Strategy<Value = Sent> {
    let payload = || vec(any::<u8>(), 0..=125);
    prop_oneof![payload().prop_map(Sent::Ping), payload().prop_map(Sent::Pong)]
}

fn sent() -> impl Strategy<Value = Sent> {
    let between = || vec(control(), 0..3);
    let text = prop_oneof![8 => "[a-z広場é👩‍👧]{0,60}", 1 => "[あ-ん]{40,45}", 1 => "[ -~]{65000}"];
    let bytes = prop_oneof![8 => vec(any::<u8>(), 0..200), 1 => vec(any::<u8>(), 300)];
    prop_oneof![
        2 => control(),
        1 => (3000_u16..5000, "[a-z場]{0,40}").prop_map(|(code, reason)| Sent::Close(code, reason)),
        3 => (text, between()).prop_map(|whole| Sent::Text(vec![whole])),
        3 => vec(("[a-z広場é👩‍👧]{0,20}", between()), 1..6).prop_map(Sent::Text),
        1 => vec((bytes, between()), 1..4).prop_map(Sent::Binary),
    ]
}

fn stream_of(all: &[Sent]) -> (Vec<u8>, Vec<Incoming>) {
    let (mut stream, mut expected) = (Vec::new(), Vec::new());
    for sent in all {
        sent.encode(&mut stream, &mut expected);
    }
    (stream, expected)
}

/// Lengths of reads: some of single bytes, some of many frames at once.
fn lengths() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![1_usize..4, 1_usize..300, 60_000_usize..70_000], 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_was_encoded_is_decoded_however_it_is_cut(all in vec(sent(), 0..8), lengths in lengths()) {
        let (stream, expected) = stream_of(&all);
        let decoded = fuzzing::decode(&stream, lengths.into_iter());
        prop_assert_eq!(decoded, (expected, Ok(())));
    }

    /// A damaged stream ends with the same violation after the same messages.
    #[test]
    fn a_damaged_stream_means_the_same_however_it_is_cut(
        all in vec(sent(), 1..6),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        lengths in lengths(),
    ) {
        let (mut stream, _) = stream_of(&all);
        for (place, byte) in damage {
            let place = place.index(stream.len());
            stream[place] = byte;
        }
        let at_once = fuzzing::decode(&stream, std::iter::once(stream.len()));
        prop_assert_eq!(at_once, fuzzing::decode(&stream, lengths.into_iter()));
    }

    #[test]
    fn noise_is_harmless_and_means_the_same_however_it_is_cut(noise in vec(any::<u8>(), 0..500)) {
        fuzzing::check(&noise);
        // The same behind a header that is accepted: FIN and text or a continuation, masked.
        fuzzing::check(&[&[1, 2, 3, 4, 0x01, 0x80 | 5, 0, 0, 0, 0][..], &noise].concat());
    }

    /// Text is accepted if and only if it is UTF-8, wherever it is split.
    #[test]
    fn text_is_what_the_standard_library_takes_for_utf8(
        bytes in vec(prop_oneof![any::<u8>(), 0x80_u8..0xC0, 0xE0_u8..0xF5], 0..12),
        lengths in vec(1_usize..4, 1..4),
    ) {
        let expected = String::from_utf8(bytes.clone()).ok();
        let (got, ended) = fuzzing::decode(&frame(0x81, &bytes), lengths.into_iter());
        prop_assert_eq!(ended.is_ok(), expected.is_some());
        prop_assert_eq!(got, expected.map(Incoming::Text).into_iter().collect::<Vec<_>>());
    }
}
