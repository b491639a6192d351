//! The part of RFC 6455 that a client needs: unmasked frames in, masked frames out.

use anyhow::{Result, bail};

/// A further fragment of a message.
pub const CONTINUATION: u8 = 0x0;
/// A complete UTF-8 message.
pub const TEXT: u8 = 0x1;
/// A complete binary message.
pub const BINARY: u8 = 0x2;
/// The other side closes the connection.
pub const CLOSE: u8 = 0x8;
/// Asks for a pong.
pub const PING: u8 = 0x9;
/// The answer to a ping.
pub const PONG: u8 = 0xA;

/// The layout of a frame at the front of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    pub opcode: u8,
    /// Offset of the payload, in bytes.
    pub start: usize,
    /// Offset of the end of the frame, in bytes; the buffer may be shorter.
    pub end: usize,
}

/// Whether a message may be fragmented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pieces {
    /// Each frame is a whole message.
    Refused,
    /// The frames form a byte stream.
    Taken,
}

/// Parses the header at the front of `bytes`; none while it is incomplete.
///
/// # Errors
/// The frame is masked, compressed, or a fragment where none are accepted: the server never sends those.
#[inline]
pub fn header(bytes: &[u8], pieces: Pieces) -> Result<Option<Header>> {
    let &[first, second, ref rest @ ..] = bytes else {
        return Ok(None);
    };
    let known = match pieces {
        Pieces::Refused => first & 0xF0 == 0x80 && first & 0x0F != CONTINUATION,
        Pieces::Taken => first & 0x70 == 0,
    };
    if !known || second & 0x80 != 0 {
        bail!("the server sent a frame that begins with {first:#04x} {second:#04x}");
    }
    let (start, length) = match second {
        126 => match rest {
            &[a, b, ..] => (4, usize::from(u16::from_be_bytes([a, b]))),
            _ => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(&length) => (10, usize::try_from(u64::from_be_bytes(length))?),
            None => return Ok(None),
        },
        length => (2, usize::from(length)),
    };
    Ok(Some(Header { opcode: first & 0x0F, start, end: start + length }))
}

/// Appends one masked frame to `out`.
pub fn encode(out: &mut Vec<u8>, opcode: u8, payload: &[u8], mask: u32) {
    out.push(0x80 | opcode);
    match payload.len() {
        short @ 0..126 => out.push(0x80 | short as u8),
        middle @ 126..0x1_0000 => {
            out.push(0xFE);
            out.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            out.push(0xFF);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    let mask = mask.to_be_bytes();
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_all_lengths() {
        assert_eq!(header(&[0x81], Pieces::Refused).unwrap(), None);
        assert_eq!(
            header(&[0x81, 5], Pieces::Refused).unwrap(),
            Some(Header { opcode: TEXT, start: 2, end: 7 })
        );
        assert_eq!(header(&[0x81, 126, 1], Pieces::Refused).unwrap(), None);
        assert_eq!(
            header(&[0x81, 126, 1, 0], Pieces::Refused).unwrap(),
            Some(Header { opcode: TEXT, start: 4, end: 260 })
        );
        assert_eq!(header(&[0x89, 127, 0, 0, 0, 0, 0, 1, 0], Pieces::Refused).unwrap(), None);
        let long = header(&[0x89, 127, 0, 0, 0, 0, 0, 1, 0, 0], Pieces::Refused).unwrap();
        assert_eq!(long, Some(Header { opcode: PING, start: 10, end: 65_546 }));
    }

    #[test]
    fn what_a_server_must_not_send_is_an_error() {
        assert!(header(&[0x01, 5], Pieces::Refused).is_err(), "fragment");
        assert!(header(&[0xC1, 5], Pieces::Refused).is_err(), "compressed");
        assert!(header(&[0x81, 0x85], Pieces::Refused).is_err(), "masked");
        assert!(header(&[0x80, 5], Pieces::Refused).is_err(), "the rest of something");
        let piece = header(&[0x00, 5], Pieces::Taken).unwrap();
        assert_eq!(piece.map(|header| header.opcode), Some(CONTINUATION));
        assert!(header(&[0xC2, 5], Pieces::Taken).is_err(), "compressed");
    }

    #[test]
    fn a_masked_frame_unmasks_to_its_payload() {
        for length in [0, 5, 125, 126, 300, 70_000] {
            let payload: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let mut frame = Vec::new();
            encode(&mut frame, TEXT, &payload, 0x1234_5678);
            let keys = frame.len() - payload.len() - 4;
            let mask = &frame[keys..keys + 4];
            let plain: Vec<u8> =
                frame[keys + 4..].iter().zip(mask.iter().cycle()).map(|(b, m)| b ^ m).collect();
            assert_eq!(plain, payload);
            frame[1] &= 0x7F;
            assert_eq!(header(&frame, Pieces::Refused).unwrap().map(|h| h.end + 4), Some(frame.len()));
        }
    }
}
