//! Links into rooms, over HTTP. Their secrets are in bodies, never in an address.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{delete, get, post};
use shared::room_link::{NewRoomLink, RoomLinkUse};
use uuid::Uuid;

use super::accounts::{BODY, JsonText, fresh};
use super::api::Visit;
use super::reports::room;
use super::{AppState, ClientAddress};
use crate::accounts::Refusal;
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/rooms/{room}/links", get(links).post(make))
        .route("/api/v1/rooms/{room}/links/{id}", delete(withdraw))
        .route("/api/v1/join", post(join))
        .route("/api/v1/join/preview", post(preview))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn links(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, Error> {
    let Path(name) = path.map_err(|_| Error::NotFound)?;
    let room = room(&name)?;
    let visit = Visit::enter(&state, &headers, address, Some(&room)).await?;
    Ok(fresh(visit.session.room_links(&room).await?))
}

async fn make(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    let Path(name) = path.map_err(|_| Error::NotFound)?;
    let (room, new) = (room(&name)?, NewRoomLink::parse(&body)?);
    let visit = Visit::enter(&state, &headers, address, Some(&room)).await?;
    Ok((StatusCode::CREATED, fresh(visit.session.make_room_link(&room, new).await?)))
}

async fn withdraw(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    path: Result<Path<(String, Uuid)>, PathRejection>,
) -> Result<StatusCode, Error> {
    let Path((name, id)) = path.map_err(|_| Refusal::NoSuchInvitation)?;
    let room = room(&name)?;
    let visit = Visit::enter(&state, &headers, address, Some(&room)).await?;
    visit.session.withdraw_room_link(&room, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn join(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    let RoomLinkUse { link } = RoomLinkUse::parse(&body)?;
    let visit = Visit::enter(&state, &headers, address, None).await?;
    Ok(fresh(visit.session.use_room_link(&link).await?))
}

/// Says where a link leads, to whoever has it.
async fn preview(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    state.admission.read(address.0)?;
    state.chat.check_ban(None, address.0)?;
    let RoomLinkUse { link } = RoomLinkUse::parse(&body)?;
    Ok(fresh(state.chat.preview_room_link(&link).await?))
}
