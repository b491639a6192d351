//! The WebSocket opening handshake.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use super::Route;
use super::line::Line;
use crate::endpoint::Endpoint;

/// Longest response, in bytes.
const LONGEST: usize = 16 * 1024;

/// Connects and upgrades. Returns the stream and the bytes received after the response.
pub(super) async fn open(
    endpoint: &Endpoint,
    subprotocol: Option<&str>,
    route: Route,
) -> Result<(Line, Vec<u8>)> {
    let socket = if endpoint.address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(bytes) = route.receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    if let Some(source) = route.source {
        socket.bind(SocketAddr::new(source, 0)).context("cannot bind another loopback address")?;
    }
    let stream = socket
        .connect(endpoint.address)
        .await
        .with_context(|| format!("cannot connect to {}", endpoint.address))?;
    stream.set_nodelay(true)?;
    let mut stream = Line::new(stream, endpoint).await?;
    let asked = subprotocol.map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n")).unwrap_or_default();
    let upgrade = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{asked}\
         Sec-WebSocket-Key: aGlyb2JhIGxvYWQgdGVzdA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        endpoint.path, endpoint.host
    );
    stream.write_all(upgrade.as_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    let end = loop {
        if let Some(at) = memchr::memmem::find(&answer, b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut answer).await? == 0 || answer.len() > LONGEST {
            bail!("{} does not answer in HTTP", endpoint.address);
        }
    };
    if !answer.starts_with(b"HTTP/1.1 101 ") {
        let line = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
        bail!("{} refused the WebSocket: {line}", endpoint.address);
    }
    Ok((stream, answer.split_off(end)))
}
