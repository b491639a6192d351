//! The search for programs that have no connection.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use shared::limits::SEARCH_PAGE;
use shared::{ErrorCode, Failure};

use super::{Peer, Site};
use crate::error::Error;
use crate::store::Guest;

pub(super) fn router() -> Router<Arc<Site>> {
    Router::new().route("/api/search", get(search))
}

#[derive(Deserialize)]
struct Asked {
    q: Option<String>,
    limit: Option<u16>,
    cursor: Option<u64>,
}

async fn search(
    State(site): State<Arc<Site>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let guest = guest(&site, peer, &headers).await?;
    let Query(Asked { q, limit, cursor }) =
        asked.map_err(|error| Failure::new(ErrorCode::InvalidField, error.body_text()))?;
    let missing = || Failure::new(ErrorCode::MissingField, "\"q\" is missing").in_field("q");
    let q = q.ok_or_else(missing)?;
    if limit.is_some_and(|limit| limit == 0 || usize::from(limit) > SEARCH_PAGE) {
        let message = format!("\"limit\" must be 1 to {SEARCH_PAGE}");
        return Err(Failure::new(ErrorCode::InvalidField, message).in_field("limit").into());
    }
    let found = site.chat.search_over_http(guest.id, &q, limit, cursor).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(found)))
}

/// Who asks, by the session that `welcome` gave.
async fn guest(site: &Site, Peer(peer): Peer, headers: &HeaderMap) -> Result<Guest, Error> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let session = value.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    let nobody = || Failure::new(ErrorCode::NotAuthenticated, "\"Authorization: Bearer SESSION\" is needed");
    let session = session.ok_or_else(nobody)?;
    if let Some(guest) = site.chat.guest(session).await? {
        return Ok(guest);
    }
    site.admission.sign_in(peer.ip())?;
    let unknown = || Failure::new(ErrorCode::NotAuthenticated, "the session is not known any more");
    Err(unknown().into())
}
