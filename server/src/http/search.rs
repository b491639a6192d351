//! Search over HTTP, for programs without a WebSocket.

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use shared::limits::SEARCH_PAGE;
use shared::{ErrorCode, Failure};

use super::accounts::bearer;
use super::caller::caller;
use super::{AppState, ClientAddress};
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new().route("/api/search", get(search))
}

#[derive(Deserialize)]
struct Asked {
    q: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

async fn search(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let session = bearer(&headers)?;
    state.admission.read(address.0)?;
    state.chat.may_read(session)?;
    let caller = caller(&state, address, session).await?;
    let Query(Asked { q, limit, cursor }) =
        asked.map_err(|error| Failure::new(ErrorCode::InvalidField, error.body_text()))?;
    let missing = || Failure::new(ErrorCode::MissingField, "\"q\" is missing").in_field("q");
    let q = q.ok_or_else(missing)?;
    let limit = number("limit", limit, 1..=SEARCH_PAGE as u64)?.map(|limit| limit as u16);
    let cursor = number("cursor", cursor, 0..=u64::MAX)?;
    let found = state.chat.search_for(caller.user().id, &q, limit, cursor).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(found)))
}

/// Parses an optional whole number.
fn number(
    field: &'static str,
    given: Option<String>,
    within: RangeInclusive<u64>,
) -> Result<Option<u64>, Failure> {
    let Some(given) = given else { return Ok(None) };
    match given.parse() {
        Ok(number) if within.contains(&number) => Ok(Some(number)),
        _ => {
            let message = format!("\"{field}\" must be {} to {}", within.start(), within.end());
            Err(Failure::new(ErrorCode::InvalidField, message).in_field(field))
        }
    }
}
