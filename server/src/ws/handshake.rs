//! The opening handshake, from HTTP to WebSocket (RFC 6455, section 4.2).

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::Parts;
use sha1::{Digest, Sha1};
use shared::{ErrorCode, Failure};
use tokio_util::task::TaskTracker;

use super::admission::{Permit, Slot};
use super::{DeadlineStream, Transport, connection};
use crate::chat::Chat;
use crate::delivery::Socket;

/// The GUID of section 1.3.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Whether the request asks for a WebSocket.
pub fn is_upgrade(headers: &HeaderMap) -> bool {
    has_token(headers, &header::UPGRADE, "websocket")
}

/// The value of `Sec-WebSocket-Accept`.
pub struct Accept(String);

/// Checks that a request is a valid handshake.
///
/// # Errors
/// Returns what is wrong with the request.
pub fn check_upgrade(request: &Request) -> Result<Accept, Failure> {
    let headers = request.headers();
    if !is_upgrade(headers) {
        let message = if headers.contains_key(header::SEC_WEBSOCKET_KEY) {
            "a WebSocket handshake came without \"Upgrade: websocket\"; let the proxy before this server pass \
             the headers Upgrade and Connection on"
        } else {
            "this address speaks WebSocket"
        };
        return Err(Failure::new(ErrorCode::UpgradeRequired, message));
    }
    if request.method() != Method::GET
        || request.version() < Version::HTTP_11
        || !headers.contains_key(header::HOST)
        || !has_token(headers, &header::CONNECTION, "upgrade")
    {
        let advice = "a WebSocket begins with GET, HTTP/1.1, Host and Connection: upgrade";
        return Err(Failure::new(ErrorCode::BadHandshake, advice));
    }
    if the_only(headers, &header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(Failure::new(ErrorCode::UpgradeRequired, "this server speaks WebSocket version 13"));
    }
    let key = the_only(headers, &header::SEC_WEBSOCKET_KEY);
    let accept = key.and_then(|key| accept(key.as_bytes())).map(Accept);
    let advice = "one Sec-WebSocket-Key has 16 bytes in base64";
    accept.ok_or_else(|| Failure::new(ErrorCode::BadHandshake, advice))
}

/// Answers a handshake and serves the connection. Without a regular slot, the connection is closed as one too many. The
/// caller has checked the Origin.
pub fn upgrade(
    mut request: Request,
    Accept(accept): Accept,
    chat: Arc<Chat>,
    slot: impl FnOnce() -> Option<Result<Permit, Slot>>,
    tasks: &TaskTracker,
) -> Response {
    let upgraded = hyper::upgrade::on(&mut request);
    let Some(slot) = slot() else {
        return (StatusCode::BAD_REQUEST, "this connection speaks WebSocket already\n").into_response();
    };
    tasks.spawn(async move {
        let Ok(upgraded) = upgraded.await else { return };
        // After the upgrade we own the connection: no HTTP buffers remain.
        let Ok(Parts { io, read_buf, .. }) = upgraded.downcast::<DeadlineStream>() else { return };
        let (transport, early) = (io.into_transport(), read_buf.to_vec());
        // Even when empty, it holds the whole read buffer of the HTTP side.
        drop(read_buf);
        match transport {
            Transport::Plain(io) => serve(chat, io.into_inner(), early, slot).await,
            // A future of its own size: plain connections do not reserve memory for it.
            Transport::Tls(tls) => Box::pin(serve(chat, *tls, early, slot)).await,
        }
    });
    let headers = [
        (header::CONNECTION, "upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

async fn serve(chat: Arc<Chat>, socket: impl Socket, early: Vec<u8>, slot: Result<Permit, Slot>) {
    match slot {
        Ok(permit) => connection::run(chat, socket, early, permit).await,
        Err(slot) => connection::turn_away(socket, slot).await,
    }
}

fn accept(key: &[u8]) -> Option<String> {
    if STANDARD.decode(key).ok()?.len() != 16 {
        return None;
    }
    let digest = Sha1::new().chain_update(key).chain_update(MAGIC).finalize();
    Some(STANDARD.encode(digest))
}

/// Returns the header if it was sent exactly once (section 11.3 allows no second one).
fn the_only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).into_iter();
    values.next().filter(|_| values.next().is_none())
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_standard_is_answered_as_the_standard_says() {
        let answer = accept(b"dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(answer.as_deref(), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert_eq!(accept(b"c2hvcnQ="), None);
    }
}
