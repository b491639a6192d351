//! Decoder of incoming frames (RFC 6455, section 5): checks limits on the header, before allocation, and refuses text
//! at its first invalid byte.

#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod header;
mod message;

use std::collections::VecDeque;

use shared::CloseCode;
use shared::limits::FRAME_BYTES;

use header::{BINARY, CLOSE, CONTINUATION, Header, PING, PONG, TEXT};
use message::Message;

/// A complete message from the peer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    Text(String),
    /// A binary message; its payload is discarded.
    Binary,
    /// A ping with its payload.
    Ping(Vec<u8>),
    Pong,
    /// A close frame, with its code if it has one.
    Close(Option<u16>),
}

/// A protocol violation by the peer: the connection is closed with this code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) code: CloseCode,
    /// The reason of the close frame.
    pub(super) reason: &'static str,
}

/// Decodes the frames of one connection. Buffers only an incomplete frame or message.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a header or of a control frame.
    partial: Vec<u8>,
    /// The data frame whose payload is being received.
    frame: Option<Payload>,
    /// The message whose end has not arrived.
    message: Option<Message>,
}

/// The rest of a data frame's payload.
#[derive(Debug, Clone, Copy)]
struct Payload {
    fin: bool,
    mask: [u8; 4],
    left: usize,
}

impl Decoder {
    /// Decodes the next bytes and appends the messages that they complete.
    ///
    /// # Errors
    /// The peer violates the protocol. Messages that were complete before are in `out`.
    pub(super) fn feed(&mut self, input: &mut [u8], out: &mut VecDeque<Incoming>) -> Result<(), Violation> {
        if self.partial.is_empty() {
            let used = self.decode(input, out)?;
            self.partial = input[used..].to_vec();
            return Ok(());
        }
        let mut bytes = std::mem::take(&mut self.partial);
        bytes.extend_from_slice(input);
        let used = self.decode(&mut bytes, out)?;
        self.partial = bytes[used..].to_vec();
        Ok(())
    }

    /// Decodes as many frames as possible; returns how many bytes of `bytes` were consumed.
    fn decode(&mut self, bytes: &mut [u8], out: &mut VecDeque<Incoming>) -> Result<usize, Violation> {
        let mut used = 0;
        loop {
            if let Some(frame) = self.frame.take() {
                used += self.take(frame, &mut bytes[used..], out)?;
                if self.frame.is_some() {
                    return Ok(used);
                }
            }
            let Some(header) = Header::parse(&bytes[used..])? else { return Ok(used) };
            self.check(&header)?;
            let start = used + header.size;
            if header.is_control() {
                let Some(payload) = bytes.get_mut(start..start + header.length) else { return Ok(used) };
                unmask(payload, header.mask);
                out.push_back(control(header.opcode, payload)?);
                used = start + header.length;
            } else {
                if header.opcode != CONTINUATION {
                    self.message = Some(Message::new(header.opcode == TEXT));
                }
                self.frame = Some(Payload { fin: header.fin, mask: header.mask, left: header.length });
                used = start;
            }
        }
    }

    /// Number of buffered bytes.
    #[cfg(any(test, fuzzing))]
    fn kept(&self) -> usize {
        self.partial.len() + self.message.as_ref().map_or(0, Message::len)
    }

    /// Checks a header before its payload has arrived.
    fn check(&self, header: &Header) -> Result<(), Violation> {
        let so_far = self.message.as_ref().map_or(0, Message::len);
        match header.opcode {
            CLOSE | PING | PONG if !header.fin => Err(broken("a control frame is fragmented")),
            CLOSE | PING | PONG if header.length > 125 => Err(broken("a control frame is too long")),
            CLOSE | PING | PONG => Ok(()),
            CONTINUATION if self.message.is_none() => Err(broken("there is nothing to continue")),
            TEXT | BINARY if self.message.is_some() => Err(broken("the last message is not complete")),
            CONTINUATION | TEXT | BINARY if so_far + header.length > FRAME_BYTES => {
                Err(Violation { code: CloseCode::TooBig, reason: "a message has at most 65536 bytes" })
            }
            CONTINUATION | TEXT | BINARY => Ok(()),
            _ => Err(broken("the opcode is reserved")),
        }
    }

    /// Consumes the available payload of a data frame; keeps the frame if more is to come.
    fn take(
        &mut self,
        frame: Payload,
        bytes: &mut [u8],
        out: &mut VecDeque<Incoming>,
    ) -> Result<usize, Violation> {
        let Payload { fin, mut mask, left } = frame;
        let count = left.min(bytes.len());
        let payload = &mut bytes[..count];
        unmask(payload, mask);
        // `check` refuses a data frame without a message.
        let Some(mut message) = self.message.take() else { return Ok(count) };
        message.push(payload)?;
        if fin && count == left {
            out.push_back(message.complete()?);
            return Ok(count);
        }
        self.message = Some(message);
        if count < left {
            mask.rotate_left(count % 4);
            self.frame = Some(Payload { fin, mask, left: left - count });
        }
        Ok(count)
    }
}

fn broken(reason: &'static str) -> Violation {
    Violation { code: CloseCode::ProtocolError, reason }
}

fn not_utf8() -> Violation {
    Violation { code: CloseCode::InvalidPayload, reason: "text is UTF-8" }
}

fn control(opcode: u8, payload: &[u8]) -> Result<Incoming, Violation> {
    match opcode {
        PING => Ok(Incoming::Ping(payload.to_vec())),
        PONG => Ok(Incoming::Pong),
        _ => close(payload),
    }
}

/// Parses a close frame. Valid codes are those of RFC 6455, section 7.4, and those registered since.
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

/// Unmasks a payload (section 5.3), eight bytes at a time.
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
