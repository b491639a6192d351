//! Single HTTP requests, each on a connection of its own.

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::line::Line;
use crate::endpoint::Endpoint;

/// Posts JSON and returns the status of the answer.
///
/// # Errors
/// The connection broke, or the answer is not HTTP.
pub async fn post(endpoint: &Endpoint, path: &str, body: &str) -> Result<u16> {
    let mut stream = Line::new(TcpStream::connect(endpoint.address).await?, endpoint).await?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        endpoint.host,
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok());
    status.and_then(|status| status.parse().ok()).context("an answer that is not HTTP")
}
