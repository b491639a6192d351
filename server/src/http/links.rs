//! Invitations and links for a new password, over HTTP. Their secrets are in bodies, never in an address.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use shared::account::{NewInvitation, NewReset, PasswordReset};
use uuid::Uuid;

use super::accounts::{BODY, JsonText, Reader, device, fresh, session};
use super::{AppState, ClientAddress, Local, connect};
use crate::accounts::Refusal;
use crate::error::Error;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/invitations", get(invitations).post(invite))
        .route("/api/v1/invitations/{id}", delete(withdraw))
        .route("/api/v1/reset-links", post(reset_link))
        .route("/api/v1/reset-password", post(reset_password))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn invitations(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
) -> Result<impl IntoResponse, Error> {
    Ok(fresh(state.chat.invitations(&principal).await?))
}

async fn invite(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    let link = state.chat.invite(&principal, NewInvitation::parse(&body)?).await?;
    Ok((StatusCode::CREATED, fresh(link)))
}

async fn withdraw(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<StatusCode, Error> {
    let Path(id) = id.map_err(|_| Refusal::NoSuchInvitation)?;
    state.chat.withdraw(&principal, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn reset_link(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    let link = state.chat.reset_link(&principal, &NewReset::parse(&body)?).await?;
    Ok((StatusCode::CREATED, fresh(link)))
}

/// Uses a link for a new password, and signs in.
async fn reset_password(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<Response, Error> {
    connect::check(&state, local, &headers)?;
    state.admission.sign_in(address.0)?;
    let signed_in =
        state.chat.reset_password(PasswordReset::parse(&body)?, device(address, &headers)).await?;
    Ok(session(&state, signed_in).into_response())
}
