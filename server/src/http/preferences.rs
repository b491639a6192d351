//! What accounts prefer: favourites, muted rooms and blocked people.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, put};
use shared::account::Favourites;
use shared::{ErrorCode, Failure, RoomAddress, UserId};
use uuid::Uuid;

use super::AppState;
use super::accounts::{JsonText, Reader, fresh};
use crate::error::Error;

/// Largest body, in bytes: as many favourites as there may be, with the longest names.
const BODY: usize = 64 * 1024;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/preferences", get(preferences))
        .route("/api/v1/preferences/favourites", put(set_favourites))
        .route("/api/v1/preferences/rooms/{room}/muted", put(mute).delete(unmute))
        .route("/api/v1/blocked/{user_id}", put(block).delete(unblock))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn preferences(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
) -> Result<impl IntoResponse, Error> {
    Ok(fresh(state.chat.preferences(principal.user.id).await?))
}

async fn set_favourites(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    state.chat.set_favourites(&principal, Favourites::parse(&body)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn mute(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    room: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Error> {
    state.chat.set_room_muted(&principal, address(room)?, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unmute(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    room: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Error> {
    state.chat.set_room_muted(&principal, address(room)?, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn block(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    user: Result<Path<Uuid>, PathRejection>,
) -> Result<StatusCode, Error> {
    state.chat.set_blocked(&principal, user_id(user)?, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unblock(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    user: Result<Path<Uuid>, PathRejection>,
) -> Result<StatusCode, Error> {
    state.chat.set_blocked(&principal, user_id(user)?, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn address(room: Result<Path<String>, PathRejection>) -> Result<RoomAddress, Error> {
    let Path(room) = room.map_err(|_| Error::NotFound)?;
    RoomAddress::new(&room).map_err(|error| {
        Failure::new(ErrorCode::InvalidName, format!("\"room\" {error}")).in_field("room").into()
    })
}

fn user_id(user: Result<Path<Uuid>, PathRejection>) -> Result<UserId, Error> {
    user.map(|Path(user)| UserId::new(user)).map_err(|_| Error::NotFound)
}
