//! The HTTP edge: thin handlers around the chat, and the web client.

mod connect;
mod origin;
mod paths;
mod search;
mod seat;
mod security;
mod status;
mod web;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tokio_util::task::TaskTracker;

pub use connect::Refusals;
pub use origin::Origins;
pub use seat::Seat;

use crate::chat::Chat;
use crate::error::Error;
use crate::ws::{self, Admission};
use web::WebClient;

/// Where the request comes from; put into every request when its connection is accepted.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The address that the connection arrived at; put into every request as well.
#[derive(Debug, Clone, Copy)]
pub struct Local(pub SocketAddr);

/// What the handlers need.
pub struct Site {
    /// The chat.
    pub chat: Arc<Chat>,
    /// From which pages a WebSocket may be opened.
    pub origins: Origins,
    /// Refusals that were logged.
    pub refusals: Refusals,
    /// Who may connect.
    pub admission: Arc<Admission>,
    /// The WebSocket connections, waited for on a stop.
    pub connections: TaskTracker,
    /// When the server started.
    pub started: Instant,
}

/// Everything this server answers.
///
/// # Errors
/// The embedded web client cannot be read.
pub async fn router(site: Arc<Site>) -> anyhow::Result<Router> {
    let client = WebClient::embedded().await?;
    let policy = client.content_security_policy();
    let routes = Router::new()
        .merge(connect::router())
        .merge(status::router())
        .merge(search::router())
        .fallback(page)
        .with_state(site)
        .layer(middleware::from_fn(seat::answer))
        .layer(Extension(Arc::new(client)));
    Ok(security::with_headers(routes, &policy))
}

/// What is no route: a WebSocket on `/`, as the demo's clients open it, or something of the web client.
async fn page(
    State(site): State<Arc<Site>>,
    Extension(client): Extension<Arc<WebClient>>,
    Extension(local): Extension<Local>,
    Extension(seat): Extension<Seat>,
    request: Request,
) -> Response {
    let path = request.uri().path();
    if ws::is_upgrade(request.headers()) {
        return match path {
            "/" => connect::open(&site, local, &seat, request),
            _ => (StatusCode::NOT_FOUND, "WebSockets are at /ws\n").into_response(),
        };
    }
    if paths::is_api(path) {
        return Error::NotFound.into_response();
    }
    client.serve(request).await
}
