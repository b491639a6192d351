//! The header of a frame (RFC 6455, section 5.2).

use super::{Violation, broken};

pub(super) const CONTINUATION: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) fin: bool,
    pub(super) opcode: u8,
    pub(super) mask: [u8; 4],
    /// Length of the payload, in bytes.
    pub(super) length: usize,
    /// Length of the header itself, in bytes.
    pub(super) size: usize,
}

impl Header {
    /// Parses a header; `None` if it is incomplete.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<Self>, Violation> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        if first & 0x70 != 0 {
            return Err(broken("no extension was agreed on"));
        }
        if second & 0x80 == 0 {
            return Err(broken("a client masks its frames"));
        }
        let (length, extra) = match (second & 0x7F, rest) {
            (126, &[a, b, ..]) => match u16::from_be_bytes([a, b]) {
                short @ 0..126 => return Err(broken(length_form(u64::from(short)))),
                length => (u64::from(length), 2),
            },
            (127, &[..]) if rest.len() >= 8 => {
                match rest.first_chunk().map_or(0, |long| u64::from_be_bytes(*long)) {
                    long if u16::try_from(long).is_ok() || long >> 63 == 1 => {
                        return Err(broken(length_form(long)));
                    }
                    length => (length, 8),
                }
            }
            (126 | 127, _) => return Ok(None),
            (length, _) => (u64::from(length), 0),
        };
        let Some(&[m0, m1, m2, m3]) = rest.get(extra..extra + 4) else { return Ok(None) };
        Ok(Some(Self {
            fin: first & 0x80 != 0,
            opcode: first & 0x0F,
            mask: [m0, m1, m2, m3],
            length: usize::try_from(length).unwrap_or(usize::MAX / 2),
            size: 2 + extra + 4,
        }))
    }

    /// Whether this is a control frame, which may come between the fragments of a message.
    pub(super) const fn is_control(&self) -> bool {
        self.opcode >= CLOSE
    }
}

fn length_form(length: u64) -> &'static str {
    if length >> 63 == 1 { "the length is negative" } else { "the length is not in its shortest form" }
}
