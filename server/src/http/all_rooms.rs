//! All public rooms, for administrators.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, patch};
use shared::RoomName;
use shared::all_rooms::RoomUsage;

use super::AppState;
use super::accounts::{BODY, JsonText, Reader, fresh};
use super::listing::{self, Asked};
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/all-rooms", get(rooms))
        .route("/api/v1/all-rooms/{room}", patch(change_usage))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn rooms(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let (asked, limit) = listing::page(asked)?;
    Ok(fresh(state.chat.all_rooms(&principal, &asked.after, limit).await?))
}

async fn change_usage(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    room: Result<Path<String>, PathRejection>,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    let Path(room) = room.map_err(|_| Error::NotFound)?;
    let room = RoomName::new(&room).map_err(|_| Error::NotFound)?;
    state.chat.change_usage(&principal, room, RoomUsage::parse(&body)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
