use proptest::prelude::*;

use super::*;

const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// One masked frame. `first` is FIN, RSV and opcode.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | length as u8),
        length @ 126..=0xFFFF => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

fn decode(bytes: &[u8]) -> Result<Vec<Incoming>, CloseCode> {
    let mut out = VecDeque::new();
    Decoder::default().feed(&mut bytes.to_vec(), &mut out).map_err(|violation| violation.code)?;
    Ok(out.into())
}

#[test]
fn violations_of_the_protocol_are_told_apart() {
    let unmasked = vec![0x81, 0x01, b'a'];
    let long_form = [&[0x81, 0x80 | 126, 0, 5][..], &MASK, b"hello"].concat();
    let negative = [&[0x82, 0xFF][..], &[0xFF; 8], &MASK].concat();
    let twice = [frame(0x01, b"a"), frame(0x81, b"b")].concat();
    let cases = [
        (unmasked, CloseCode::ProtocolError),
        (frame(0xC1, b"rsv1"), CloseCode::ProtocolError),
        (frame(0x83, b"reserved"), CloseCode::ProtocolError),
        (frame(0x8B, b"reserved"), CloseCode::ProtocolError),
        (frame(0x80, b"continues nothing"), CloseCode::ProtocolError),
        (twice, CloseCode::ProtocolError),
        (frame(0x09, b"fragmented ping"), CloseCode::ProtocolError),
        (frame(0x89, &[0; 126]), CloseCode::ProtocolError),
        (long_form, CloseCode::ProtocolError),
        (negative, CloseCode::ProtocolError),
        (frame(0x88, &[3]), CloseCode::ProtocolError),
        (frame(0x88, &1005u16.to_be_bytes()), CloseCode::ProtocolError),
        (frame(0x88, &999u16.to_be_bytes()), CloseCode::ProtocolError),
        (frame(0x88, &[0x03, 0xE8, 0xFF]), CloseCode::InvalidPayload),
        (frame(0x81, &[0xC3, 0x28]), CloseCode::InvalidPayload),
        (frame(0x81, &vec![b'a'; FRAME_BYTES + 1]), CloseCode::TooBig),
    ];
    for (bytes, code) in cases {
        assert_eq!(decode(&bytes), Err(code), "{:02x?}", &bytes[..bytes.len().min(16)]);
    }
}

#[test]
fn a_claimed_length_is_refused_before_its_bytes_come() {
    let mut header = frame(0x81, &vec![0; FRAME_BYTES + 1]);
    header.truncate(14);
    assert_eq!(decode(&header), Err(CloseCode::TooBig));
}

#[test]
fn fragments_may_not_grow_past_the_limit_together() {
    let half = vec![b'a'; FRAME_BYTES / 2];
    let bytes = [frame(0x01, &half), frame(0x00, &half), frame(0x80, b"!")].concat();
    assert_eq!(decode(&bytes), Err(CloseCode::TooBig));
}

#[test]
fn control_frames_may_come_between_fragments() {
    let bytes = [frame(0x01, "広".as_bytes()), frame(0x89, b"p"), frame(0x80, "場".as_bytes())].concat();
    assert_eq!(decode(&bytes), Ok(vec![Incoming::Ping(b"p".to_vec()), Incoming::Text("広場".to_owned())]));
}

#[test]
fn goodbyes_come_with_and_without_a_code() {
    assert_eq!(decode(&frame(0x88, &[])), Ok(vec![Incoming::Close(None)]));
    assert_eq!(decode(&frame(0x88, &[0x03, 0xE8, b'b'])), Ok(vec![Incoming::Close(Some(1000))]));
}

proptest! {
    /// However texts are cut into fragments and the bytes into reads, the same texts come out.
    #[test]
    fn texts_survive_any_cutting(
        texts in prop::collection::vec("[a-z広場👩‍👧]{0,300}", 1..5),
        fragment in 1usize..200,
        read in 1usize..400,
    ) {
        let mut bytes = Vec::new();
        for text in &texts {
            let pieces: Vec<&[u8]> = if text.is_empty() { vec![&[]] } else { text.as_bytes().chunks(fragment).collect() };
            for (index, piece) in pieces.iter().enumerate() {
                let fin = if index + 1 == pieces.len() { 0x80 } else { 0 };
                let opcode = if index == 0 { TEXT } else { CONTINUATION };
                bytes.extend(frame(fin | opcode, piece));
            }
        }
        let (mut decoder, mut out) = (Decoder::default(), VecDeque::new());
        for piece in bytes.chunks_mut(read) {
            decoder.feed(piece, &mut out).unwrap();
        }
        prop_assert_eq!(Vec::from(out), texts.into_iter().map(Incoming::Text).collect::<Vec<_>>());
        prop_assert!(decoder.partial.is_empty());
    }

    /// Arbitrary bytes never panic and never make the decoder keep more than it may.
    #[test]
    fn noise_is_harmless(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        let mut decoder = Decoder::default();
        let _ = decoder.feed(&mut bytes.clone(), &mut VecDeque::new());
        prop_assert!(decoder.partial.len() <= bytes.len());
    }
}
