//! A raw WebSocket client, which may violate the protocol.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::LIMIT;

/// A frame of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFrame {
    pub opcode: u8,
    pub payload: Vec<u8>,
}

/// Sends and receives the bytes of a WebSocket.
pub struct RawSocket(pub TcpStream);

impl RawSocket {
    /// Performs the opening handshake by hand.
    pub async fn open(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = read_head(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
        assert!(
            answer.to_lowercase().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="),
            "{answer}"
        );
        Self(stream)
    }

    /// Sends bytes verbatim.
    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Sends a masked frame; `first` holds the opcode and the flags.
    pub async fn send_frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = header(first, payload.len() as u64);
        let mask = [1, 2, 3, 4];
        frame.extend(mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        // The server may have closed before it read everything.
        let _ = self.0.write_all(&frame).await;
    }

    /// Returns the next frame.
    pub async fn receive(&mut self) -> RawFrame {
        timeout(LIMIT, self.read_frame()).await.expect("a frame in time").expect("the connection is open")
    }

    /// Skips to the close frame and returns its code.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            let frame = self.receive().await;
            if frame.opcode == 8 {
                return u16::from_be_bytes([frame.payload[0], frame.payload[1]]);
            }
        }
    }

    async fn read_frame(&mut self) -> std::io::Result<RawFrame> {
        let first = self.0.read_u8().await?;
        let length = match self.0.read_u8().await? {
            126 => u64::from(self.0.read_u16().await?),
            127 => self.0.read_u64().await?,
            length => u64::from(length),
        };
        let mut payload = vec![0; length as usize];
        self.0.read_exact(&mut payload).await?;
        assert_eq!(first & 0xF0, 0x80, "the server neither fragments nor uses extensions");
        Ok(RawFrame { opcode: first & 0x0F, payload })
    }
}

/// A header with the mask bit set, without the mask.
pub fn header(first: u8, length: u64) -> Vec<u8> {
    let mut header = vec![first];
    match length {
        0..126 => header.push(0x80 | length as u8),
        126..65_536 => {
            header.push(0x80 | 126);
            header.extend((length as u16).to_be_bytes());
        }
        _ => {
            header.push(0x80 | 127);
            header.extend(length.to_be_bytes());
        }
    }
    header
}

/// Reads the head of an HTTP response.
pub async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let read = async {
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("an answer"));
        }
    };
    timeout(LIMIT, read).await.expect("an answer in time");
    String::from_utf8(head).unwrap()
}
