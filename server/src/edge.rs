//! What becomes of an accepted connection: TLS or not, then HTTP/1.1, until it is a WebSocket or over.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::http::{ConnectionSlot, Local, Peer};
use crate::tls::{FIRST_BYTE, Tls};
use crate::ws::{DeadlineStream, Slot, Transport};

/// Time limit for the first byte where TLS is spoken, and for the headers of a request, counted from when the server
/// starts to wait for them.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Largest request head, in bytes. Bounds the buffers of an idle HTTP connection.
const HEAD_BYTES: usize = 16 * 1024;
/// How long a connection on a spare slot has for one request and its answer.
const SPARE_WITHIN: Duration = Duration::from_secs(2);

/// Serves connections.
pub struct Edge {
    router: Router,
    secure: Option<Secure>,
    shutdown: CancellationToken,
}

/// What is added where the server speaks TLS itself.
pub struct Secure {
    pub tls: Arc<Tls>,
    /// Sends whoever does not to where it is spoken.
    pub redirect: Router,
}

impl Edge {
    /// With `secure`, only connections with TLS reach `router`.
    pub fn new(router: Router, secure: Option<Secure>, shutdown: CancellationToken) -> Arc<Self> {
        Arc::new(Self { router, secure, shutdown })
    }

    /// Serves a connection until it ends, or until it has become a WebSocket.
    pub async fn serve(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, slot: Slot) {
        let leave = match &slot {
            Slot::Regular(_) => None,
            Slot::Spare(spare) => Some(spare.leave.clone()),
        };
        let is_spare = leave.is_some();
        let serve = async {
            let opened = self.shutdown.run_until_cancelled(self.open(stream)).await.flatten();
            if let Some((transport, router)) = opened {
                self.serve_http(transport, router, peer, slot, is_spare).await;
            }
        };
        match leave {
            None => serve.await,
            Some(leave) => {
                tokio::select! {
                    () = serve => {}
                    _ = timeout(SPARE_WITHIN, leave.cancelled()) => {}
                }
            }
        }
    }

    /// Makes the handshake if the connection begins one; `None`: the connection is of no use.
    async fn open(&self, stream: TcpStream) -> Option<(Transport, &Router)> {
        let plain = |stream| Transport::Plain(TokioIo::new(stream));
        let Some(Secure { tls, redirect }) = &self.secure else {
            return Some((plain(stream), &self.router));
        };
        let mut first = [0];
        let count = timeout(HEADERS_WITHIN, stream.peek(&mut first)).await.ok()?.ok()?;
        match (count, first) {
            (0, _) => None,
            (_, [FIRST_BYTE]) => match tls.accept(stream).await {
                Ok(stream) => Some((Transport::Tls(Box::new(stream)), &self.router)),
                Err(error) => {
                    tracing::debug!(%error, "a TLS handshake failed");
                    None
                }
            },
            _ => Some((plain(stream), redirect)),
        }
    }

    async fn serve_http(
        &self,
        transport: Transport,
        router: &Router,
        peer: SocketAddr,
        slot: Slot,
        is_spare: bool,
    ) {
        // The connection is already gone.
        let Ok(local) = transport.local_addr() else { return };
        let slot = ConnectionSlot::new(slot);
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            request.extensions_mut().insert(Local(local));
            request.extensions_mut().insert(slot.clone());
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS_WITHIN)
            .max_buf_size(HEAD_BYTES)
            .keep_alive(!is_spare)
            .serve_connection(DeadlineStream::new(transport), service)
            .with_upgrades();
        tokio::pin!(connection);
        // Broken requests and connections are not errors of the server.
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "an HTTP connection ended early");
        }
    }
}
