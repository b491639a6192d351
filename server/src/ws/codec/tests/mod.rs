mod laws;

use super::*;

const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// Encodes one masked frame. `first` is FIN, RSV and opcode.
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

#[test]
fn text_is_refused_with_its_first_wrong_byte() {
    // The header announces 4 KiB; the eighth byte cannot follow the seventh.
    let mut bytes = frame(0x81, &vec![b'a'; 4_096]);
    for (place, byte) in b"edited\xED\xA0\x80edited".iter().enumerate() {
        bytes[8 + place] = byte ^ MASK[place % 4];
    }
    assert_eq!(decode(&bytes[..8 + 7]), Ok(vec![]));
    assert_eq!(decode(&bytes[..8 + 8]), Err(CloseCode::InvalidPayload));
    let bytes = [frame(0x01, b"\xE3\x81"), frame(0x00, b"x")].concat();
    assert_eq!(decode(&bytes), Err(CloseCode::InvalidPayload));
    // No character begins with this byte; the header announces one more.
    let bytes = &frame(0x81, b"\xFF!")[..7];
    assert_eq!(decode(bytes), Err(CloseCode::InvalidPayload));
}

#[test]
fn a_character_may_not_be_left_half() {
    for text in ["é", "あ", "🙂"] {
        for end in 1..text.len() {
            assert_eq!(decode(&frame(0x81, &text.as_bytes()[..end])), Err(CloseCode::InvalidPayload));
        }
    }
}

#[test]
fn what_was_found_by_fuzzing_stays_mended() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/frames");
    let mut inputs = 0;
    for file in std::fs::read_dir(folder).expect("the corpus") {
        fuzzing::check(&std::fs::read(file.unwrap().path()).unwrap());
        inputs += 1;
    }
    assert!(inputs > 10, "{inputs} inputs in {folder}");
}
