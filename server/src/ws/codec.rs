//! Frames as they come in (RFC 6455, section 5): header by header, limits before allocation.

use std::collections::VecDeque;

use shared::CloseCode;
use shared::limits::FRAME_BYTES;

/// A complete message of the peer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// A text message.
    Text(String),
    /// A binary message; what it held is of no interest.
    Binary,
    /// A ping with its payload.
    Ping(Vec<u8>),
    /// A pong.
    Pong,
    /// The peer says goodbye, with a code unless it gave none.
    Close(Option<u16>),
}

/// The peer does not keep to the protocol: the connection is closed with this code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Violation {
    /// The code of the close frame.
    pub(super) code: CloseCode,
    /// What was wrong.
    pub(super) reason: &'static str,
}

/// Reads the frames of one connection. Keeps bytes only of a frame or message that is not complete.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    partial: Vec<u8>,
    fragments: Option<Fragments>,
}

#[derive(Debug)]
struct Fragments {
    text: bool,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Header {
    fin: bool,
    opcode: u8,
    mask: [u8; 4],
    length: usize,
    /// Bytes of the header itself.
    size: usize,
}

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

impl Decoder {
    /// Takes bytes as they come and appends what they complete.
    ///
    /// # Errors
    /// The peer does not keep to the protocol. What was complete before is in `out`.
    pub(super) fn feed(&mut self, input: &mut [u8], out: &mut VecDeque<Incoming>) -> Result<(), Violation> {
        if self.partial.is_empty() {
            let used = self.decode(input, out)?;
            self.partial.extend_from_slice(&input[used..]);
            return Ok(());
        }
        let mut bytes = std::mem::take(&mut self.partial);
        bytes.extend_from_slice(input);
        let used = self.decode(&mut bytes, out)?;
        if used < bytes.len() {
            bytes.drain(..used);
            self.partial = bytes;
        }
        Ok(())
    }

    /// Decodes the complete frames at the beginning of `bytes`; gives how many bytes they were.
    fn decode(&mut self, bytes: &mut [u8], out: &mut VecDeque<Incoming>) -> Result<usize, Violation> {
        let mut used = 0;
        while let Some(header) = Header::parse(&bytes[used..])? {
            self.check(&header)?;
            let start = used + header.size;
            let Some(payload) = bytes.get_mut(start..start + header.length) else { break };
            unmask(payload, header.mask);
            used = start + header.length;
            self.frame(header, payload, out)?;
        }
        Ok(used)
    }

    /// What a header alone tells, before its payload has come.
    fn check(&self, header: &Header) -> Result<(), Violation> {
        let so_far = self.fragments.as_ref().map_or(0, |fragments| fragments.bytes.len());
        match header.opcode {
            CLOSE | PING | PONG if !header.fin => Err(broken("a control frame is fragmented")),
            CLOSE | PING | PONG if header.length > 125 => Err(broken("a control frame is too long")),
            CLOSE | PING | PONG => Ok(()),
            CONTINUATION if self.fragments.is_none() => Err(broken("there is nothing to continue")),
            TEXT | BINARY if self.fragments.is_some() => Err(broken("the last message is not complete")),
            CONTINUATION | TEXT | BINARY if so_far + header.length > FRAME_BYTES => {
                Err(Violation { code: CloseCode::TooBig, reason: "a message has at most 65536 bytes" })
            }
            CONTINUATION | TEXT | BINARY => Ok(()),
            _ => Err(broken("the opcode is reserved")),
        }
    }

    fn frame(
        &mut self,
        header: Header,
        payload: &[u8],
        out: &mut VecDeque<Incoming>,
    ) -> Result<(), Violation> {
        let incoming = match header.opcode {
            PING => Incoming::Ping(payload.to_vec()),
            PONG => Incoming::Pong,
            CLOSE => close(payload)?,
            CONTINUATION => {
                let Some(mut fragments) = self.fragments.take() else { return Ok(()) };
                fragments.bytes.extend_from_slice(payload);
                if !header.fin {
                    self.fragments = Some(fragments);
                    return Ok(());
                }
                message(fragments.text, fragments.bytes)?
            }
            opcode if header.fin => message(opcode == TEXT, payload.to_vec())?,
            opcode => {
                self.fragments = Some(Fragments { text: opcode == TEXT, bytes: payload.to_vec() });
                return Ok(());
            }
        };
        out.push_back(incoming);
        Ok(())
    }
}

impl Header {
    /// None: there are not enough bytes yet.
    fn parse(bytes: &[u8]) -> Result<Option<Self>, Violation> {
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
}

fn length_form(length: u64) -> &'static str {
    if length >> 63 == 1 { "the length is negative" } else { "the length is not in its shortest form" }
}

fn broken(reason: &'static str) -> Violation {
    Violation { code: CloseCode::ProtocolError, reason }
}

fn not_utf8() -> Violation {
    Violation { code: CloseCode::InvalidPayload, reason: "text is UTF-8" }
}

fn message(text: bool, bytes: Vec<u8>) -> Result<Incoming, Violation> {
    if text {
        String::from_utf8(bytes).map(Incoming::Text).map_err(|_| not_utf8())
    } else {
        Ok(Incoming::Binary)
    }
}

/// Which codes may stand in a close frame: RFC 6455, section 7.4, with those registered since.
fn close(payload: &[u8]) -> Result<Incoming, Violation> {
    match payload {
        [] => Ok(Incoming::Close(None)),
        [_] => Err(broken("a close code has two bytes")),
        &[a, b, ref reason @ ..] => match u16::from_be_bytes([a, b]) {
            code @ (1000..=1003 | 1007..=1014 | 3000..=4999) => match std::str::from_utf8(reason) {
                Ok(_) => Ok(Incoming::Close(Some(code))),
                Err(_) => Err(not_utf8()),
            },
            _ => Err(broken("this close code may not be sent")),
        },
    }
}

/// Section 5.3, eight bytes at a time.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip([a, b, c, d, a, b, c]) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests;
