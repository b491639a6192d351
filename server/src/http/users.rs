//! Accounts, for administrators.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, patch};
use shared::UserId;
use shared::account::UserChange;

use super::AppState;
use super::accounts::{BODY, JsonText, Reader, fresh};
use super::listing::{self, Asked};
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/users", get(users))
        .route("/api/v1/users/{id}", patch(change))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn users(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let (asked, limit) = listing::page(asked)?;
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
