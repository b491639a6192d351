//! The requests of the protocol over HTTP. Each is turned into the frame that asks for the same, and carried out on a
//! connection that lasts as long as the request: so what is checked on the socket is checked here.

mod document;
mod endpoints;
mod frame;
mod operation;
mod operations;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on};
use shared::limits::FRAME_BYTES;
use shared::{Command, ErrorCode, Failure};

pub(super) use visit::Visit;

use super::accounts::{JsonText, fresh};
use super::{AppState, ClientAddress};
use crate::chat::dispatch;
use crate::error::Error;
use frame::Parameters;
use operation::Operation;
use operations::OPERATIONS;

pub(super) fn router() -> Router<Arc<AppState>> {
    let mut router = Router::new();
    for operation in &OPERATIONS {
        let Ok(method) = MethodFilter::try_from(operation.method.clone()) else { continue };
        let carry_out = move |State(state): State<Arc<AppState>>,
                              address: ClientAddress,
                              path: Result<Path<Parameters>, PathRejection>,
                              query: Result<Query<Parameters>, QueryRejection>,
                              request: Request| {
            carry_out(operation, state, address, path, query, request)
        };
        router = router.route(operation.path, on(method, carry_out));
    }
    router.route("/api/v1/openapi.json", get(document)).layer(DefaultBodyLimit::max(FRAME_BYTES))
}

async fn carry_out(
    operation: &'static Operation,
    state: Arc<AppState>,
    address: ClientAddress,
    path: Result<Path<Parameters>, PathRejection>,
    query: Result<Query<Parameters>, QueryRejection>,
    request: Request,
) -> Result<Response, Error> {
    let headers = request.headers().clone();
    let Path(path) = path.map_err(|_| Error::NotFound)?;
    let Query(query) = query.map_err(|error| Failure::new(ErrorCode::InvalidField, error.body_text()))?;
    let body = if operation.has_body() && has_content(&headers) {
        Some(JsonText::from_request(request, &()).await?.0)
    } else {
        None
    };
    let request = frame::request(operation, &path, &query, body.as_deref())
        .map_err(|failure| Failure { id: None, ..failure })?;
    let room = match &request.command {
        // These come in.
        Command::JoinRoom { .. } => None,
        command => dispatch::subject(command).room,
    };
    let visit = Visit::enter(&state, &headers, address, room.as_ref()).await?;
    let answer = visit.ask(&state, request).await?;
    Ok(match operation.status() {
        StatusCode::NO_CONTENT => StatusCode::NO_CONTENT.into_response(),
        status => (status, fresh(answer)).into_response(),
    })
}

/// Whether a request has a body. Those that name everything in their path need none.
fn has_content(headers: &HeaderMap) -> bool {
    let length = headers.get(axum::http::header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.map_or_else(|| headers.contains_key(axum::http::header::TRANSFER_ENCODING), |length| length != "0")
}

async fn document() -> impl IntoResponse {
    (StatusCode::OK, [(axum::http::header::CACHE_CONTROL, "max-age=300")], axum::Json(document::document()))
}
