//! Encoding of outgoing frames: RFC 6455, section 5.2, unmasked, so that one encoding serves every recipient.

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use shared::ServerFrame;

const FINAL_TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8A;

/// Appends `frame`, or an event, as one text message.
pub fn put_text(out: &mut BytesMut, frame: &impl Serialize) {
    // Space for the longest header we send; the length of the payload is known only after encoding.
    const RESERVED: usize = 10;
    let start = out.len();
    out.put_bytes(0, RESERVED);
    serde_json::to_writer(out.writer(), frame).expect("protocol frames have string keys and cannot fail");
    let length = out.len() - start - RESERVED;
    let mut header = [0; RESERVED];
    let used = header_bytes(FINAL_TEXT, length, &mut header);
    out.copy_within(start + RESERVED.., start + used);
    out[start..start + used].copy_from_slice(&header[..used]);
    out.truncate(start + used + length);
}

/// Encodes `frame` as one text message.
pub fn text(frame: &ServerFrame) -> Bytes {
    let mut out = BytesMut::with_capacity(512);
    put_text(&mut out, frame);
    out.freeze()
}

/// Returns a ping without payload.
pub fn ping() -> Bytes {
    Bytes::from_static(&[PING, 0])
}

/// Returns the answer to a ping. `payload` is at most 125 bytes, as in every control frame.
pub fn pong(payload: &[u8]) -> Bytes {
    control(PONG, payload)
}

/// Returns a close frame. A reason that does not fit is truncated.
pub fn close(code: impl Into<u16>, reason: &str) -> Bytes {
    let mut payload = code.into().to_be_bytes().to_vec();
    payload.extend_from_slice(&reason.as_bytes()[..reason.floor_char_boundary(123)]);
    control(CLOSE, &payload)
}

fn control(opcode: u8, payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(2 + payload.len());
    out.put_u8(opcode);
    out.put_u8(payload.len() as u8);
    out.put_slice(payload);
    out.freeze()
}

fn header_bytes(opcode: u8, length: usize, header: &mut [u8; 10]) -> usize {
    header[0] = opcode;
    if length < 126 {
        header[1] = length as u8;
        2
    } else if let Ok(short) = u16::try_from(length) {
        header[1] = 126;
        header[2..4].copy_from_slice(&short.to_be_bytes());
        4
    } else {
        header[1] = 127;
        header[2..10].copy_from_slice(&(length as u64).to_be_bytes());
        10
    }
}

#[cfg(test)]
mod tests {
    use shared::CloseCode;

    use super::*;

    #[test]
    fn headers_have_the_shortest_length_form() {
        for (length, used) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            assert_eq!(header_bytes(FINAL_TEXT, length, &mut [0; 10]), used, "{length}");
        }
    }

    #[test]
    fn several_frames_follow_each_other_in_one_buffer() {
        let mut out = BytesMut::new();
        put_text(&mut out, &ServerFrame::Done { id: None });
        put_text(&mut out, &ServerFrame::Done { id: None });
        assert_eq!(&out[..], b"\x81\x0f{\"type\":\"done\"}\x81\x0f{\"type\":\"done\"}");
    }

    #[test]
    fn a_long_close_reason_is_cut_at_a_character() {
        let frame = close(CloseCode::GoingAway, &"あ".repeat(100));
        assert_eq!(frame[1], 125);
        assert!(std::str::from_utf8(&frame[4..]).is_ok());
    }
}
