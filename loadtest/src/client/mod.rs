//! A lightweight connection: no task of its own, and no buffer while it is idle.

mod ended;
mod handshake;
pub mod http;
mod line;

use std::cell::RefCell;
use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;

use crate::endpoint::Endpoint;
use crate::frame::{self, Pieces};

pub use ended::EndedByServer;
use line::Line;

/// Bytes per read: few enough to stay in the processor's cache while they are parsed.
const READ_BYTES: usize = 64 * 1024;
/// Longest message, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Timeout for answers of the server: to an upgrade, a sign-in, a close.
const ANSWER: Duration = Duration::from_secs(30);

thread_local! {
    // One for all connections of a thread, so that idle connections need none.
    static READ_BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; LONGEST + READ_BYTES]);
}

/// Returns the length in bytes of the packet at the front of a stream; none while it is incomplete.
pub type Cut = fn(&[u8]) -> Result<Option<usize>>;

/// What a dialect requires of the WebSocket below it.
#[derive(Debug, Clone, Copy)]
pub struct Wire {
    /// Opcode of sent frames.
    pub opcode: u8,
    /// Requested in the handshake.
    pub subprotocol: Option<&'static str>,
    /// Finds the ends of packets if frames form a byte stream; without it each frame is a message.
    pub cut: Option<Cut>,
}

/// How a connection is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Route {
    /// Address to connect from.
    pub source: Option<IpAddr>,
    /// Kernel receive buffer, in bytes.
    pub receive_buffer: Option<u32>,
}

/// Connections per source address: far fewer than it has ports.
const PER_ADDRESS: u32 = 5_000;

impl Route {
    /// Returns the route of one of many connections: every 5,000 to a loopback address get another source address.
    pub fn nth(endpoint: &Endpoint, index: u32) -> Self {
        let source = match endpoint.address.ip() {
            IpAddr::V4(address) if address.is_loopback() && index >= PER_ADDRESS => {
                let [_, _, high, low] = (index / PER_ADDRESS + 1).to_be_bytes();
                Some(IpAddr::V4(Ipv4Addr::new(127, 0, high, low)))
            }
            _ => None,
        };
        Self { source, receive_buffer: None }
    }
}

/// A WebSocket connection to the server.
#[derive(Debug)]
pub struct Connection {
    stream: Line,
    wire: Wire,
    /// The beginning of a frame or packet whose rest has not arrived, or messages that the sink left.
    partial: Vec<u8>,
    /// Byte streams only: an incomplete frame header or control frame.
    header: Vec<u8>,
    /// Byte streams only: bytes of the current frame that have not arrived.
    outstanding: usize,
    /// Byte streams only: `header` holds frames that arrived together with the handshake response.
    early: bool,
    /// Frames not yet written to the socket.
    unsent: Vec<u8>,
    mask: u32,
    pub received_bytes: u64,
}

impl Connection {
    /// Connects and upgrades.
    ///
    /// # Errors
    /// Nobody listens there, or the answer is not a WebSocket's.
    pub async fn open(endpoint: &Endpoint, wire: Wire, route: Route) -> Result<Self> {
        let opening = timeout(ANSWER, handshake::open(endpoint, wire.subprotocol, route));
        let (stream, early) = opening.await.with_context(|| silent(endpoint.address))??;
        let mask = u32::from(stream.local_addr()?.port()).wrapping_mul(0x9E37_79B9) | 1;
        let (partial, header) = if wire.cut.is_some() { (Vec::new(), early) } else { (early, Vec::new()) };
        let (early, unsent) = (!header.is_empty(), Vec::new());
        Ok(Self { stream, wire, partial, header, outstanding: 0, early, unsent, mask, received_bytes: 0 })
    }

    /// Sends a close frame, so that the server forgets a guest at once, and waits for the end: dropping a socket with
    /// unread data resets the connection, and the close frame may be lost.
    pub async fn close(mut self) {
        frame::encode(&mut self.unsent, frame::CLOSE, &1000_u16.to_be_bytes(), self.mask);
        let until_end = async { while self.turn(|_| Ok(true)).await.is_ok() {} };
        let _ = timeout(ANSWER, until_end).await;
    }

    /// Breaks the connection as a lost network does: without a close frame, and unread data is discarded.
    ///
    /// # Errors
    /// The system no longer knows the socket.
    pub fn cut_off(self) -> Result<()> {
        Ok(self.stream.reset_on_drop()?)
    }

    /// Queues one message, to be sent by [`Self::turn`] or [`Self::poll`].
    pub fn queue(&mut self, payload: &[u8]) {
        self.mask = self.mask.wrapping_mul(0x0019_660D).wrapping_add(0x3C6E_F35F);
        frame::encode(&mut self.unsent, self.wire.opcode, payload, self.mask);
    }

    /// Sends what the socket accepts without waiting. Returns true if nothing is left.
    ///
    /// # Errors
    /// The connection ended.
    pub fn flush_now(&mut self) -> Result<bool> {
        match self.stream.try_write(&self.unsent) {
            Ok(written) => drop(self.unsent.drain(..written)),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(ended::by(error)),
        }
        Ok(self.unsent.is_empty())
    }

    /// Waits for the first message that satisfies `pick`; those after it stay unread.
    ///
    /// # Errors
    /// `pick` fails or finds nothing for half a minute, the connection ended, or the server broke the protocol.
    pub async fn await_message<T>(&mut self, mut pick: impl FnMut(&[u8]) -> Result<Option<T>>) -> Result<T> {
        let picked = async {
            loop {
                let mut found = None;
                self.turn(|message| {
                    found = pick(message)?;
                    Ok(found.is_none())
                })
                .await?;
                if let Some(found) = found {
                    return Ok(found);
                }
            }
        };
        timeout(ANSWER, picked).await.with_context(|| silent("the server"))?
    }

    /// Waits until something can be sent or read, does so once, and passes each complete message to `sink`, which may
    /// return false to leave the rest for later. Cancel safe: nothing is lost.
    ///
    /// # Errors
    /// The connection ended, or the server broke the protocol.
    pub async fn turn(&mut self, mut sink: impl FnMut(&[u8]) -> Result<bool>) -> Result<()> {
        poll_fn(|context| {
            let sent = self.send(context)?;
            match self.receive(context, &mut sink) {
                Poll::Pending if sent => Poll::Ready(Ok(())),
                other => other.map_ok(drop),
            }
        })
        .await
    }

    /// Sends and reads once without waiting. Ready with true if the read buffer was filled, so there may be more.
    ///
    /// # Errors
    /// The connection ended, or the server broke the protocol.
    pub fn poll(
        &mut self,
        context: &mut TaskContext<'_>,
        sink: &mut impl FnMut(&[u8]) -> Result<bool>,
    ) -> Poll<Result<bool>> {
        self.send(context)?;
        self.receive(context, sink)
    }

    /// Sends without waiting. Pending while the socket accepts no more.
    ///
    /// # Errors
    /// The connection ended.
    pub fn poll_send(&mut self, context: &mut TaskContext<'_>) -> Poll<Result<()>> {
        while self.send(context)? {}
        if self.unsent.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    /// Writes what the socket accepts. Returns true if that was something.
    fn send(&mut self, context: &mut TaskContext<'_>) -> Result<bool> {
        if self.unsent.is_empty() {
            // Encrypted bytes may still wait.
            let _ = Pin::new(&mut self.stream).poll_flush(context).map_err(ended::by)?;
            return Ok(false);
        }
        match Pin::new(&mut self.stream).poll_write(context, &self.unsent) {
            Poll::Ready(written) => {
                let written = written.map_err(ended::by)?;
                self.unsent.drain(..written);
                Ok(written > 0)
            }
            Poll::Pending => Ok(false),
        }
    }

    fn receive(
        &mut self,
        context: &mut TaskContext<'_>,
        sink: &mut impl FnMut(&[u8]) -> Result<bool>,
    ) -> Poll<Result<bool>> {
        READ_BUFFER.with_borrow_mut(|buffer| {
            let held = self.partial.len();
            let raw = held + self.header.len();
            if raw > LONGEST {
                return Poll::Ready(Err(anyhow!("the server sent a message of more than {LONGEST} bytes")));
            }
            let mut space = ReadBuf::new(&mut buffer[raw..raw + READ_BYTES]);
            // Messages that the sink left are handed over before anything is read.
            let read = if std::mem::take(&mut self.early) || self.has_leftover()? {
                0
            } else {
                match Pin::new(&mut self.stream).poll_read(context, &mut space) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(result) => result.map_err(ended::by)?,
                }
                if space.filled().is_empty() {
                    return Poll::Ready(Err(
                        EndedByServer("the server ended the connection".to_owned()).into()
                    ));
                }
                space.filled().len()
            };
            self.received_bytes += read as u64;
            buffer[..held].copy_from_slice(&self.partial);
            let (used, end) = match self.wire.cut {
                None => (self.hand_over(&buffer[..held + read], sink)?, held + read),
                Some(cut) => {
                    buffer[held..raw].copy_from_slice(&self.header);
                    let end = self.unwrap_frames(&mut buffer[..raw + read], held)?;
                    (hand_over_packets(&buffer[..end], cut, sink)?, end)
                }
            };
            self.partial.clear();
            self.partial.extend_from_slice(&buffer[used..end]);
            if self.partial.is_empty() && self.partial.capacity() > 1024 {
                self.partial = Vec::new();
            }
            Poll::Ready(Ok(read == READ_BYTES))
        })
    }

    fn has_leftover(&self) -> Result<bool> {
        let length = match self.wire.cut {
            None => frame::header(&self.partial, Pieces::Refused)?.map(|header| header.end),
            Some(cut) => cut(&self.partial)?,
        };
        Ok(length.is_some_and(|length| length <= self.partial.len()))
    }

    /// Handles complete frames. Returns the number of bytes used.
    fn hand_over(&mut self, bytes: &[u8], sink: &mut impl FnMut(&[u8]) -> Result<bool>) -> Result<usize> {
        let mut at = 0;
        while let Some(header) = frame::header(&bytes[at..], Pieces::Refused)?
            && let Some(whole) = bytes[at..].get(..header.end)
        {
            at += header.end;
            let payload = &whole[header.start..];
            match header.opcode {
                frame::TEXT | frame::BINARY if sink(payload)? => {}
                frame::TEXT | frame::BINARY => break,
                _ => self.control(header.opcode, payload)?,
            }
        }
        Ok(at)
    }

    /// Joins the payloads of the frames in `bytes[held..]` behind the first `held` bytes, and returns where they end.
    /// An incomplete header at the end is kept.
    fn unwrap_frames(&mut self, bytes: &mut [u8], held: usize) -> Result<usize> {
        self.header.clear();
        let (mut write, mut at) = (held, held);
        loop {
            let piece = self.outstanding.min(bytes.len() - at);
            bytes.copy_within(at..at + piece, write);
            (write, at, self.outstanding) = (write + piece, at + piece, self.outstanding - piece);
            let rest = &bytes[at..];
            match frame::header(rest, Pieces::Taken)? {
                _ if self.outstanding > 0 => return Ok(write),
                Some(header) if header.opcode <= frame::BINARY => {
                    at += header.start;
                    self.outstanding = header.end - header.start;
                }
                Some(header) if header.end <= rest.len() => {
                    let payload = rest[header.start..header.end].to_vec();
                    at += header.end;
                    self.control(header.opcode, &payload)?;
                }
                _ => {
                    self.header.extend_from_slice(rest);
                    return Ok(write);
                }
            }
        }
    }

    fn control(&mut self, opcode: u8, payload: &[u8]) -> Result<()> {
        match opcode {
            frame::PING => frame::encode(&mut self.unsent, frame::PONG, payload, self.mask),
            frame::CLOSE => {
                let code = payload.first_chunk::<2>().map_or(1005, |&code| u16::from_be_bytes(code));
                let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default()).into_owned();
                return Err(
                    EndedByServer(format!("the server closed the connection with {code} {reason}")).into()
                );
            }
            _ => {}
        }
        Ok(())
    }
}

fn silent(who: impl std::fmt::Display) -> String {
    format!("{who} did not answer within {} s", ANSWER.as_secs())
}

/// Hands over complete packets. Returns the number of bytes used.
fn hand_over_packets(bytes: &[u8], cut: Cut, sink: &mut impl FnMut(&[u8]) -> Result<bool>) -> Result<usize> {
    let mut at = 0;
    while let Some(length) = cut(&bytes[at..])?
        && let Some(packet) = bytes[at..].get(..length)
    {
        at += length;
        if !sink(packet)? {
            break;
        }
    }
    Ok(at)
}
