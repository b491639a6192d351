//! Bans from the server, decided by administrators.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{delete, get};
use shared::account::NewBan;

use super::AppState;
use super::accounts::{BODY, JsonText, Reader, fresh};
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/bans", get(bans).post(ban))
        .route("/api/v1/bans/{id}", delete(lift))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn bans(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
) -> Result<impl IntoResponse, Error> {
    Ok(fresh(state.chat.list_bans(&principal)?))
}

async fn ban(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    let bans = state.chat.ban(principal, NewBan::parse(&body)?).await?;
    Ok((StatusCode::CREATED, fresh(bans)))
}

async fn lift(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    id: Result<Path<u64>, PathRejection>,
) -> Result<StatusCode, Error> {
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    state.chat.lift_ban(principal, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
