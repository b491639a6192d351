//! Mail addresses and forgotten passwords over HTTP.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use shared::account::{ForgottenPassword, MailChange, MailConfirmation, MailRemoval};

use super::accounts::{BODY, JsonText, fresh, principal};
use super::{AppState, ClientAddress, Local, connect};
use crate::accounts::Principal;
use crate::error::Error;
use crate::mail_address::MailAddress;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/forgotten-password", post(forgotten))
        .route("/api/v1/account/mail", post(ask))
        .route("/api/v1/account/mail/delete", post(remove))
        .route("/api/v1/confirm-mail", post(confirm))
        .layer(DefaultBodyLimit::max(BODY))
}

/// Nothing is looked up before the answer, so that it is the same for all after the same time.
async fn forgotten(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    connect::check(&state, local, &headers)?;
    state.admission.forgotten(address.0)?;
    state.chat.forgotten_password(ForgottenPassword::parse(&body)?.account)?;
    Ok(StatusCode::ACCEPTED)
}

/// Sends a link to a new address. The password is needed, so that nobody who finds a page open can do it.
async fn ask(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    let principal = with_password(&state, &address, &headers).await?;
    let MailChange { mail, password } = MailChange::parse(&body)?;
    state.chat.ask_for_mail(principal, MailAddress::of_field(&mail, "mail")?, password).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn remove(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    let principal = with_password(&state, &address, &headers).await?;
    state.chat.remove_mail(principal, MailRemoval::parse(&body)?.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Uses the link. Whoever reads the mail need not be signed in where they read it.
async fn confirm(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    connect::check(&state, local, &headers)?;
    state.admission.sign_in(address.0)?;
    Ok(fresh(state.chat.confirm_mail(MailConfirmation::parse(&body)?.link).await?))
}

/// Whom a request speaks for whose body has the password.
async fn with_password(
    state: &AppState,
    address: &ClientAddress,
    headers: &HeaderMap,
) -> Result<Principal, Error> {
    state.admission.sign_in(address.0)?;
    let principal = principal(state, headers).await?;
    state.admission.try_password(address.0, &principal.user.name.key())?;
    Ok(principal)
}
