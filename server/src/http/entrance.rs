//! Who may come in, over HTTP.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use shared::account::EntranceChange;

use super::accounts::{JsonText, Reader, fresh};
use super::{AppState, ClientAddress};
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new().route("/api/v1/entrance", get(entrance).patch(change))
}

/// What the first page offers.
async fn entrance(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
) -> Result<impl IntoResponse, Error> {
    state.admission.read(address.0)?;
    Ok(fresh(state.chat.entrance().await?))
}

async fn change(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    state.chat.change_entrance(principal, EntranceChange::parse(&body)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
