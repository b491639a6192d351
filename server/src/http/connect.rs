//! Opening a WebSocket: who may, and what whoever may not is told. A browser hides the answer of a refused handshake from
//! the page, so the page can ask for it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use shared::{ErrorCode, Failure};

use super::{Local, Seat, Site};
use crate::error::Error;
use crate::ws;

/// Different refusals that are logged; a page tries again and again, and others may invent origins.
const LOGGED: usize = 100;

/// Refusals that were logged.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashSet<String>>);

impl Refusals {
    /// Tells the operator, once.
    fn log(&self, failure: &Failure) {
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.len() < LOGGED && logged.insert(failure.message.clone()) {
            tracing::warn!("a WebSocket was refused: {}", failure.message);
        }
    }
}

pub(super) fn router() -> Router<Arc<Site>> {
    Router::new().route("/ws", get(socket)).route("/api/connect", post(may_connect))
}

async fn socket(
    State(site): State<Arc<Site>>,
    Extension(local): Extension<Local>,
    Extension(seat): Extension<Seat>,
    request: Request,
) -> Response {
    open(&site, local, &seat, request)
}

/// Whether a page of this origin may open a WebSocket here.
async fn may_connect(
    State(site): State<Arc<Site>>,
    Extension(local): Extension<Local>,
    headers: HeaderMap,
) -> Response {
    match check(&site, local, &headers) {
        Ok(()) => (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(failure) => Error::from(failure).into_response(),
    }
}

/// Answers a request for a WebSocket.
pub(super) fn open(site: &Site, local: Local, seat: &Seat, request: Request) -> Response {
    let checked = check(site, local, request.headers())
        .and_then(|()| ws::check_upgrade(&request))
        .inspect_err(|failure| site.refusals.log(failure));
    match checked {
        Ok(accept) => ws::upgrade(request, accept, site.chat.clone(), || seat.take(), &site.connections),
        Err(failure) => {
            let needs_upgrade = failure.code == ErrorCode::UpgradeRequired;
            let mut response = Error::from(failure).into_response();
            if needs_upgrade {
                let headers = response.headers_mut();
                headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
                headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            }
            response
        }
    }
}

fn check(site: &Site, Local(local): Local, headers: &HeaderMap) -> Result<(), Failure> {
    headers.get(header::ORIGIN).map_or(Ok(()), |origin| site.origins.check(origin, local))
}
