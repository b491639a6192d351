//! Accounts and rooms, for administrators.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, patch};
use serde::Deserialize;
use shared::account::{RoomUsage, UserChange};
use shared::{ErrorCode, Failure, RoomName, UserId};

use super::AppState;
use super::accounts::{BODY, JsonText, Reader, fresh};
use crate::error::Error;

/// Entries per page, if the request does not say, and at most.
const PAGE: u16 = 50;
const PAGE_MOST: u16 = 200;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/users", get(users))
        .route("/api/v1/users/{id}", patch(change))
        .route("/api/v1/all-rooms", get(rooms))
        .route("/api/v1/all-rooms/{room}", patch(change_usage))
        .layer(DefaultBodyLimit::max(BODY))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// What names contain.
    q: String,
    /// The last name of the page before.
    after: String,
    limit: Option<u16>,
}

async fn users(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let (asked, limit) = page(asked)?;
    Ok(fresh(state.chat.users(&principal, &asked.q, &asked.after, limit).await?))
}

async fn change(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    id: Result<Path<UserId>, PathRejection>,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    let Path(user) = id.map_err(|_| Error::NotFound)?;
    state.chat.change_user(principal, user, UserChange::parse(&body)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rooms(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let (asked, limit) = page(asked)?;
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

fn page(asked: Result<Query<Asked>, QueryRejection>) -> Result<(Asked, u16), Failure> {
    let Query(asked) = asked.map_err(|error| Failure::new(ErrorCode::InvalidField, error.body_text()))?;
    let limit = asked.limit.unwrap_or(PAGE);
    if (1..=PAGE_MOST).contains(&limit) {
        return Ok((asked, limit));
    }
    let message = format!("\"limit\" must be 1 to {PAGE_MOST}");
    Err(Failure::new(ErrorCode::InvalidField, message).in_field("limit"))
}
