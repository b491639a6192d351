//! Reports of messages, over HTTP: made by anybody in a room, read and settled by those who keep order.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde::Deserialize;
use shared::report::{NewReport, ReportResolution};
use shared::{ErrorCode, Failure, RoomAddress, Seq};

use super::accounts::{BODY, JsonText, Reader, fresh};
use super::api::Visit;
use super::{AppState, ClientAddress};
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/rooms/{room}/messages/{target}/reports", post(report))
        .route("/api/v1/rooms/{room}/reports", get(of_room))
        .route("/api/v1/reports", get(all))
        .route("/api/v1/reports/{id}/resolve", post(resolve))
        .layer(DefaultBodyLimit::max(BODY))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    open: Option<bool>,
    before: Option<u64>,
}

fn asked(asked: Result<Query<Asked>, QueryRejection>) -> Result<Asked, Failure> {
    let Query(asked) = asked.map_err(|error| Failure::new(ErrorCode::InvalidField, error.body_text()))?;
    Ok(asked)
}

/// The room that a path names.
pub(super) fn room(text: &str) -> Result<RoomAddress, Error> {
    RoomAddress::new(text).map_err(|_| Error::NotFound)
}

async fn report(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    path: Result<Path<(String, u64)>, PathRejection>,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    let Path((room, target)) = path.map_err(|_| Error::NotFound)?;
    let room = self::room(&room)?;
    let NewReport { reason } = NewReport::parse(&body)?;
    let visit = Visit::enter(&state, &headers, address, Some(&room)).await?;
    visit.session.report(&room, Seq(target), reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn of_room(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let Path(room) = path.map_err(|_| Error::NotFound)?;
    let (room, Asked { open, before }) = (self::room(&room)?, asked(query)?);
    let visit = Visit::enter(&state, &headers, address, Some(&room)).await?;
    Ok(fresh(visit.session.reports(&room, open, before).await?))
}

async fn all(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let Asked { open, before } = asked(query)?;
    Ok(fresh(state.chat.reports(&principal, open, before).await?))
}

async fn resolve(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    path: Result<Path<u64>, PathRejection>,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    let Path(id) = path.map_err(|_| Error::NotFound)?;
    let ReportResolution { note } = ReportResolution::parse(&body)?;
    let visit = Visit::enter(&state, &headers, address, None).await?;
    visit.session.resolve_report(id, note).await?;
    Ok(StatusCode::NO_CONTENT)
}
