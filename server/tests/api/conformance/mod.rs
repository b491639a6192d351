//! RFC 6455, rule by rule, over a real socket against the whole server. docs/conformance.md maps each file to its group
//! of the Autobahn test suite.
//!
//! The server has no echo route. The `id` of a request, which is part of the answer, proves that a text arrived intact.

mod closing;
mod control;
mod fragments;
mod handshake;
mod messages;
mod reserved;
mod utf8;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::harness::raw::{self, RawFrame};
use crate::harness::{LIMIT, RawSocket, TestServer};

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8A;
const CONTINUATION: u8 = 0x80;
/// Cleared in the first byte if more fragments follow.
const FIN: u8 = 0x80;

/// How bytes are split into writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// All at once.
    Not,
    /// One frame at a time.
    Frames,
    /// One byte at a time.
    Octets,
}

const CUTS: [Cut; 3] = [Cut::Not, Cut::Frames, Cut::Octets];

/// Encodes a masked frame.
fn frame(first: u8, payload: impl AsRef<[u8]>) -> Vec<u8> {
    const MASK: [u8; 4] = [0xA5, 0x00, 0xFF, 0x3C];
    let payload = payload.as_ref();
    let mut frame = raw::header(first, payload.len() as u64);
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A request whose answer contains `id`, a text of at most 64 bytes.
fn request(id: &str) -> String {
    json!({"type": "ping", "id": id}).to_string()
}

/// A signed-in client in no room, so that it receives only the answers to its requests.
struct Peer(RawSocket);

impl Peer {
    async fn open(server: &TestServer) -> Self {
        let mut socket = RawSocket::open(server.address).await;
        socket.0.set_nodelay(true).unwrap();
        let auth = json!({"type": "auth", "username": "peer", "protocol": 1, "rooms": []}).to_string();
        socket.send(&frame(TEXT, auth)).await;
        let mut this = Self(socket);
        assert_eq!(this.next_json().await["type"], "welcome");
        this
    }

    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may have closed before it read everything.
        let _ = self.0.0.write_all(bytes.as_ref()).await;
    }

    async fn send_cut(&mut self, frames: &[Vec<u8>], cut: Cut) {
        let pieces: Vec<Vec<u8>> = match cut {
            Cut::Not => vec![frames.concat()],
            Cut::Frames => frames.to_vec(),
            Cut::Octets => frames.concat().iter().map(|&byte| vec![byte]).collect(),
        };
        for piece in pieces {
            self.send(piece).await;
            tokio::task::yield_now().await;
        }
    }

    async fn next(&mut self) -> RawFrame {
        self.0.receive().await
    }

    async fn next_json(&mut self) -> Value {
        let frame = self.next().await;
        assert_eq!(frame.opcode, 1, "{frame:?}");
        serde_json::from_slice(&frame.payload).expect("the server speaks JSON")
    }

    /// Asserts that the next frame is the answer to [`request`].
    async fn is_answered(&mut self, id: &str) {
        let answer = self.next_json().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("pong"), &json!(id)), "{answer}");
    }

    /// Asserts that the next frame is a pong with this payload.
    async fn is_ponged(&mut self, payload: impl AsRef<[u8]>) {
        assert_eq!(self.next().await, RawFrame { opcode: 10, payload: payload.as_ref().to_vec() });
    }

    /// Asserts that the connection is still usable and nothing unsolicited was sent.
    async fn is_usable(&mut self) {
        self.send(frame(TEXT, request("still there"))).await;
        self.is_answered("still there").await;
    }

    /// Asserts that the next frame is a close frame and the connection ends after it. Returns the payload.
    async fn expect_any_close(mut self) -> Vec<u8> {
        let RawFrame { opcode, payload } = self.next().await;
        assert_eq!(opcode, 8, "{}", String::from_utf8_lossy(&payload));
        let mut rest = Vec::new();
        timeout(LIMIT, self.0.0.read_to_end(&mut rest))
            .await
            .expect("an end in time")
            .expect("an end in order");
        assert_eq!(rest, b"", "the close frame is the last one");
        payload
    }

    /// [`Self::expect_any_close`] with this code.
    async fn expect_close(self, code: u16) {
        let payload = self.expect_any_close().await;
        let (told, reason) = payload.split_at(2);
        let reason = std::str::from_utf8(reason).expect("a reason is text");
        assert_eq!(told, code.to_be_bytes(), "{} {reason}", u16::from_be_bytes([told[0], told[1]]));
    }
}

/// Sends each case on a new connection, split in every way; asserts that it is closed with this code at once.
async fn all_are_refused(server: &TestServer, cases: &[(&str, Vec<Vec<u8>>)], code: u16) {
    for (what, frames) in cases {
        for cut in CUTS {
            eprintln!("{what}, cut: {cut:?}");
            let mut peer = Peer::open(server).await;
            peer.send_cut(frames, cut).await;
            peer.expect_close(code).await;
        }
    }
}
