//! Opening a WebSocket: who may, and why not. A browser hides the answer of a refused handshake from the page, so a
//! page can ask for the reason with `/api/connect`.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use shared::{ErrorCode, Failure};

use super::origin::Arrival;
use super::{AppState, ClientAddress, ConnectionSlot, Local};
use crate::error::Error;
use crate::ws;

/// Number of distinct refusals that are logged; a page retries again and again, and clients may invent origins.
const LOGGED: usize = 100;

/// Refusals that were logged.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashSet<String>>);

impl Refusals {
    /// Logs a refusal once.
    fn log(&self, failure: &Failure) {
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.len() < LOGGED && logged.insert(failure.message.clone()) {
            tracing::warn!("a WebSocket was refused: {}", failure.message);
        }
    }
}

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new().route("/ws", get(socket)).route("/api/connect", post(may_connect))
}

async fn socket(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    Extension(slot): Extension<ConnectionSlot>,
    client_address: ClientAddress,
    request: Request,
) -> Response {
    open(&state, local, client_address, &slot, request)
}

/// Whether a page of this origin may open a WebSocket here.
async fn may_connect(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    headers: HeaderMap,
) -> Response {
    match check(&state, local, &headers) {
        Ok(()) => (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(failure) => Error::from(failure).into_response(),
    }
}

/// Answers a request for a WebSocket.
pub(super) fn open(
    state: &AppState,
    local: Local,
    ClientAddress(address): ClientAddress,
    slot: &ConnectionSlot,
    request: Request,
) -> Response {
    let checked = check(state, local, request.headers())
        .and_then(|()| ws::check_upgrade(&request))
        .inspect_err(|failure| state.refusals.log(failure));
    match checked {
        Ok(accept) => {
            let slot = || slot.take().map(|slot| slot.for_socket(address));
            ws::upgrade(request, accept, state.chat.clone(), slot, &state.connections)
        }
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

/// Refuses pages of other origins. Programs send no Origin.
pub(super) fn check(state: &AppState, Local(local): Local, headers: &HeaderMap) -> Result<(), Failure> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origins = headers.get_all(header::ORIGIN);
    origins.into_iter().try_for_each(|origin| state.origins.check(origin, Arrival { local, host }))
}
