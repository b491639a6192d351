//! One cheap connection: no task of its own, no buffer while nothing is under way.

use std::cell::RefCell;
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use shared::{Auth, Command, Joined, Request, RoomAddress, ServerFrame, UserName, Welcome};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::endpoint::Endpoint;
use crate::frame;

/// Bytes read at once; also the longest frame that can be read.
const READ_BYTES: usize = 512 * 1024;

/// How long the server may take to answer a goodbye.
const GOODBYE: Duration = Duration::from_secs(30);

thread_local! {
    // One for all connections of a thread: it stays in the processor's cache, and idle connections need none.
    static READ_BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// A WebSocket to the server.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// The beginning of a frame whose rest has not arrived.
    partial: Vec<u8>,
    /// Frames that the socket has not taken yet.
    unsent: Vec<u8>,
    mask: u32,
    /// Bytes received so far.
    pub received_bytes: u64,
}

impl Connection {
    /// Connects and upgrades, from the address `source` if one is given.
    ///
    /// # Errors
    /// Nobody listens there, or what answers is no WebSocket.
    pub async fn open(endpoint: &Endpoint, source: Option<IpAddr>) -> Result<Self> {
        let socket = if endpoint.address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(source) = source {
            socket.bind(SocketAddr::new(source, 0)).context("cannot bind another loopback address")?;
        }
        let mut stream = socket
            .connect(endpoint.address)
            .await
            .with_context(|| format!("cannot connect to {}", endpoint.address))?;
        stream.set_nodelay(true)?;
        let upgrade = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: aGlyb2JhIGxvYWQgdGVzdA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            endpoint.path, endpoint.host
        );
        stream.write_all(upgrade.as_bytes()).await?;
        let mut answer = Vec::new();
        let end = loop {
            if let Some(at) = memchr::memmem::find(&answer, b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut answer).await? == 0 || answer.len() > 16 * 1024 {
                bail!("{} does not answer in HTTP", endpoint.address);
            }
        };
        if !answer.starts_with(b"HTTP/1.1 101 ") {
            let line = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
            bail!("{} refused the WebSocket: {line}", endpoint.address);
        }
        let mask = u32::from(stream.local_addr()?.port()).wrapping_mul(0x9E37_79B9) | 1;
        Ok(Self { stream, partial: answer.split_off(end), unsent: Vec::new(), mask, received_bytes: 0 })
    }

    /// Signs in as a new guest with protocol 1, in no room.
    ///
    /// # Errors
    /// The server refused, or the connection broke.
    pub async fn sign_in(&mut self, name: &str) -> Result<Welcome> {
        let username = Some(UserName::new(name)?);
        let rooms = Some(Vec::new());
        self.ask(Command::Auth(Auth {
            username,
            protocol: Some(shared::frame::PROTOCOL),
            session: None,
            rooms,
        }))?;
        self.answer(|frame| match frame {
            ServerFrame::Welcome(welcome) => Some(welcome),
            _ => None,
        })
        .await
    }

    /// Joins a room. Events of the room that follow the answer are left to be read.
    ///
    /// # Errors
    /// The server refused, or the connection broke.
    pub async fn join(&mut self, room: &RoomAddress) -> Result<Joined> {
        self.ask(Command::JoinRoom { room: room.clone(), since: None })?;
        self.answer(|frame| match frame {
            ServerFrame::Joined(joined) => Some(joined),
            _ => None,
        })
        .await
    }

    /// Says goodbye, so that the server forgets a guest at once, and waits for the end: a socket that is dropped
    /// while something is unread resets the connection, and the goodbye may be lost with it.
    pub async fn close(mut self) {
        frame::encode(&mut self.unsent, frame::CLOSE, &1000_u16.to_be_bytes(), self.mask);
        let until_end = async { while self.turn(|_| Ok(true)).await.is_ok() {} };
        let _ = timeout(GOODBYE, until_end).await;
    }

    /// Queues one text frame; [`Self::turn`] sends it.
    pub fn queue(&mut self, payload: &[u8]) {
        self.mask = self.mask.wrapping_mul(0x0019_660D).wrapping_add(0x3C6E_F35F);
        frame::encode(&mut self.unsent, frame::TEXT, payload, self.mask);
    }

    /// Waits until something could be sent or read, does so once, and hands each whole text to `sink`, which may
    /// return false to leave the rest for later. Nothing is lost when it is cancelled.
    ///
    /// # Errors
    /// The connection ended, or the server broke the protocol.
    pub async fn turn(&mut self, mut sink: impl FnMut(&[u8]) -> Result<bool>) -> Result<()> {
        poll_fn(|context| {
            let sent = self.send(context)?;
            match self.receive(context, &mut sink) {
                Poll::Pending if sent => Poll::Ready(Ok(())),
                other => other,
            }
        })
        .await
    }

    /// Writes what the socket takes; true if that was something.
    fn send(&mut self, context: &mut TaskContext<'_>) -> Result<bool> {
        if self.unsent.is_empty() {
            return Ok(false);
        }
        match Pin::new(&mut self.stream).poll_write(context, &self.unsent) {
            Poll::Ready(written) => {
                let written = written?;
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
    ) -> Poll<Result<()>> {
        READ_BUFFER.with_borrow_mut(|buffer| {
            let held = self.partial.len();
            if held >= buffer.len() {
                return Poll::Ready(Err(anyhow!("the server sent a frame of more than {READ_BYTES} bytes")));
            }
            let mut space = ReadBuf::new(&mut buffer[held..]);
            // Texts that a sink left are handed over before anything is read.
            let leftover = frame::header(&self.partial)?.is_some_and(|header| header.end <= held);
            let read = if leftover {
                0
            } else {
                match Pin::new(&mut self.stream).poll_read(context, &mut space) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(result) => result?,
                }
                if space.filled().is_empty() {
                    return Poll::Ready(Err(anyhow!("the server ended the connection")));
                }
                space.filled().len()
            };
            self.received_bytes += read as u64;
            buffer[..held].copy_from_slice(&self.partial);
            let used = self.hand_over(&buffer[..held + read], sink)?;
            self.partial.clear();
            self.partial.extend_from_slice(&buffer[used..held + read]);
            if self.partial.is_empty() && self.partial.capacity() > 1024 {
                self.partial = Vec::new();
            }
            Poll::Ready(Ok(()))
        })
    }

    /// Goes through whole frames; returns how many bytes were used.
    fn hand_over(&mut self, bytes: &[u8], sink: &mut impl FnMut(&[u8]) -> Result<bool>) -> Result<usize> {
        let mut at = 0;
        while let Some(header) = frame::header(&bytes[at..])?
            && let Some(whole) = bytes[at..].get(..header.end)
        {
            at += header.end;
            let payload = &whole[header.start..];
            match header.opcode {
                frame::TEXT if sink(payload)? => {}
                frame::TEXT => break,
                frame::PING => frame::encode(&mut self.unsent, frame::PONG, payload, self.mask),
                frame::CLOSE => {
                    let code = payload.first_chunk::<2>().map_or(1005, |&code| u16::from_be_bytes(code));
                    let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default()).into_owned();
                    bail!("the server closed the connection with {code} {reason}");
                }
                _ => {}
            }
        }
        Ok(at)
    }

    fn ask(&mut self, command: Command) -> Result<()> {
        self.queue(&serde_json::to_vec(&Request { id: None, command })?);
        Ok(())
    }

    /// Reads frames until one is the answer; those after it stay unread.
    async fn answer<T>(&mut self, mut pick: impl FnMut(ServerFrame) -> Option<T>) -> Result<T> {
        let mut found = None;
        while found.is_none() {
            let read = |payload: &[u8]| {
                match serde_json::from_slice(payload)? {
                    ServerFrame::Error { failure, .. } => return Err(failure.into()),
                    frame => found = pick(frame),
                }
                Ok(found.is_none())
            };
            self.turn(read).await?;
        }
        found.context("no answer")
    }
}
