//! The HTTP edge: thin handlers around the chat, and the web client.

mod accounts;
mod all_rooms;
mod api;
mod audit;
mod bans;
mod caller;
mod client_address;
mod connect;
mod cookie;
mod download;
mod entrance;
mod links;
mod listing;
mod mail;
mod metrics;
mod origin;
mod paths;
mod preferences;
mod problem;
mod redirect;
mod reports;
mod room_links;
mod search;
mod security;
mod slot;
mod status;
mod users;
mod web;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tokio_util::task::TaskTracker;
use url::Url;

pub use client_address::{ClientAddress, Network, TrustedProxies};
pub use connect::Refusals;
pub use cookie::SessionCookie;
pub use metrics::metrics_router;
pub use origin::Origins;
pub use redirect::{SecureAddress, redirect};
pub use slot::ConnectionSlot;

use crate::chat::Chat;
use crate::error::Error;
use crate::ws::{self, Admission};
use web::WebClient;

/// The address that a connection comes from, which may be a proxy's; added to every request when its connection is
/// accepted.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The local address of the connection; added to every request when its connection is accepted.
#[derive(Debug, Clone, Copy)]
pub struct Local(pub SocketAddr);

/// State shared by the handlers.
pub struct AppState {
    pub chat: Arc<Chat>,
    /// Origins whose pages may open a WebSocket.
    pub origins: Origins,
    /// Proxies that report the addresses of clients.
    pub proxies: TrustedProxies,
    /// Keeps refresh tokens in browsers.
    pub cookie: SessionCookie,
    /// Refusals that were logged.
    pub refusals: Refusals,
    /// Limits connections.
    pub admission: Arc<Admission>,
    /// The WebSocket connections, awaited on a stop.
    pub connections: TaskTracker,
    pub started: Instant,
    /// Where the data is.
    pub data_dir: PathBuf,
}

/// Builds the routes of the server, which people reach under `public_url`.
///
/// # Errors
/// The embedded web client cannot be read.
pub async fn router(state: Arc<AppState>, public_url: Option<&Url>) -> anyhow::Result<Router> {
    let client = WebClient::embedded().await?;
    let policy = client.content_security_policy();
    let routes = Router::new()
        .merge(connect::router())
        .merge(status::router())
        .merge(search::router())
        .merge(accounts::router())
        .merge(api::router())
        .merge(audit::router())
        .merge(bans::router())
        .merge(download::router())
        .merge(entrance::router())
        .merge(links::router())
        .merge(mail::router())
        .merge(preferences::router())
        .merge(reports::router())
        .merge(room_links::router())
        .merge(users::router())
        .merge(all_rooms::router())
        .fallback(page)
        .with_state(state.clone())
        .layer(middleware::from_fn_with_state(state, metrics::count))
        .layer(middleware::from_fn(slot::answer))
        .layer(Extension(Arc::new(client)));
    let routes = security::with_headers(routes, &policy);
    Ok(if public_url.is_some_and(security::is_always_https) { security::with_hsts(routes) } else { routes })
}

/// The fallback: a WebSocket on `/`, as demo clients open it, or a file or page of the web client.
async fn page(
    State(state): State<Arc<AppState>>,
    Extension(client): Extension<Arc<WebClient>>,
    Extension(local): Extension<Local>,
    Extension(slot): Extension<ConnectionSlot>,
    client_address: ClientAddress,
    request: Request,
) -> Response {
    let path = request.uri().path();
    if ws::is_upgrade(request.headers()) {
        return match path {
            "/" => connect::open(&state, local, client_address, &slot, request),
            _ => (StatusCode::NOT_FOUND, "WebSockets are at /ws\n").into_response(),
        };
    }
    if paths::is_api(path) {
        return Error::NotFound.into_response();
    }
    client.serve(request, state.chat.check_guests().is_ok()).await
}
