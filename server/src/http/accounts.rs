//! Accounts over HTTP: signing up and in, refreshing and ending sessions. Access tokens are in the answers, refresh
//! tokens only in a cookie that no script can read.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, StringRejection};
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, FromRequestParts, Path, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE, USER_AGENT,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use shared::account::{
    AccountChange, AccountDeletion, AccountSession, Credentials, OpenSession, PasswordChange, Profile,
    Sessions,
};
use shared::{ErrorCode, Failure, SessionId};
use uuid::Uuid;

use super::{AppState, ClientAddress, Local, connect};
use crate::accounts::{Entered, Principal, RefreshToken, Refusal, SignedIn, VALID_FOR};
use crate::error::Error;
use crate::store::Device;

/// Largest body, in bytes.
pub(super) const BODY: usize = 4 * 1024;
/// What is kept of a `User-Agent`, in characters.
const USER_AGENT_CHARS: usize = 300;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/v1/sign-up", post(sign_up))
        .route("/api/v1/sign-in", post(sign_in))
        .route("/api/v1/refresh", post(refresh))
        .route("/api/v1/sign-out", post(sign_out))
        .route("/api/v1/password", post(change_password))
        .route("/api/v1/account", get(account).patch(change_account))
        .route("/api/v1/account/delete", post(delete_account))
        .route("/api/v1/profile", put(set_profile))
        .route("/api/v1/sessions", get(sessions))
        .route("/api/v1/sessions/{id}", delete(end_session))
        .route("/.well-known/jwks.json", get(public_keys))
        .layer(DefaultBodyLimit::max(BODY))
}

/// A body of JSON. A page of another origin cannot send this type without asking first.
pub(super) struct JsonText(pub String);

impl<S: Send + Sync> FromRequest<S> for JsonText {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let message = "\"Content-Type: application/json\" is needed";
            return Err(Failure::new(ErrorCode::BadJson, message).into());
        }
        let text = String::from_request(request, state).await.map_err(|error: StringRejection| {
            let is_long = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let code = if is_long { ErrorCode::ContentTooLong } else { ErrorCode::BadJson };
            Failure::new(code, error.body_text())
        })?;
        Ok(Self(text))
    }
}

async fn sign_up(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<Response, Error> {
    connect::check(&state, local, &headers)?;
    state.admission.sign_up(address.0)?;
    state.chat.check_ban(None, address.0)?;
    let entered = entered(&body, device(address, &headers))?;
    // With the secret of a guest, the guest becomes the account.
    let guest = headers.contains_key(AUTHORIZATION).then(|| bearer(&headers)).transpose()?;
    let signed_in = state.chat.sign_up(guest, entered).await?;
    Ok((StatusCode::CREATED, session(&state, signed_in)).into_response())
}

async fn sign_in(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<Response, Error> {
    connect::check(&state, local, &headers)?;
    state.admission.sign_in(address.0)?;
    state.chat.check_ban(None, address.0)?;
    let entered = entered(&body, device(address, &headers))?;
    state.admission.try_password(address.0, &entered.name.key())?;
    let signed_in = state.chat.sign_in_with(entered).await?;
    Ok(session(&state, signed_in).into_response())
}

async fn refresh(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, Error> {
    state.admission.read(address.0)?;
    let token = cookie_of_own_page(&state, local, &headers)?;
    // The cookie stays even if the session has ended: it may be a newer one by now.
    Ok(session(&state, state.chat.refresh(token, device(address, &headers)).await?).into_response())
}

async fn sign_out(
    State(state): State<Arc<AppState>>,
    Extension(local): Extension<Local>,
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, Error> {
    state.admission.read(address.0)?;
    let token = cookie_of_own_page(&state, local, &headers)?;
    state.chat.sign_out(token).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, state.cookie.remove())]).into_response())
}

/// The password is needed, so that nobody who finds a page open can do it.
async fn delete_account(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<Response, Error> {
    state.admission.sign_in(address.0)?;
    let principal = principal(&state, &headers).await?;
    state.admission.try_password(address.0, &principal.user.name.key())?;
    state.chat.close_account(principal, AccountDeletion::parse(&body)?).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, state.cookie.remove())]).into_response())
}

async fn change_password(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<Response, Error> {
    state.admission.sign_in(address.0)?;
    let principal = principal(&state, &headers).await?;
    state.admission.try_password(address.0, &principal.user.name.key())?;
    let PasswordChange { password, new_password } = PasswordChange::parse(&body)?;
    state.chat.change_password(principal, password, new_password).await?;
    Ok((StatusCode::NO_CONTENT, [(CACHE_CONTROL, "no-store")]).into_response())
}

async fn account(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
) -> Result<impl IntoResponse, Error> {
    Ok(fresh(state.chat.account(&principal).await?))
}

async fn change_account(
    State(state): State<Arc<AppState>>,
    address: ClientAddress,
    headers: HeaderMap,
    JsonText(body): JsonText,
) -> Result<impl IntoResponse, Error> {
    state.admission.sign_in(address.0)?;
    let principal = principal(&state, &headers).await?;
    let AccountChange { name } = AccountChange::parse(&body)?;
    state.chat.rename(principal.clone(), name).await?;
    Ok(fresh(state.chat.account(&principal).await?))
}

async fn set_profile(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    JsonText(body): JsonText,
) -> Result<StatusCode, Error> {
    state.chat.set_profile(&principal, Profile::parse(&body)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn sessions(State(state): State<Arc<AppState>>, Reader(principal): Reader) -> Result<Response, Error> {
    let sessions = state.chat.sessions(&principal).await?;
    let told = sessions.into_iter().map(|open| OpenSession {
        id: open.id,
        current: open.id == principal.session,
        user_agent: open.device.user_agent,
        address: open.device.address.map(|address| address.to_string()),
        opened_at: open.opened_at,
        used_at: open.used_at,
    });
    Ok(fresh(Sessions { sessions: told.collect() }).into_response())
}

async fn end_session(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<StatusCode, Error> {
    let Path(id) = id.map_err(|_| Refusal::NoSuchSession)?;
    state.chat.end_session(principal, SessionId::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The keys that verify our access tokens (RFC 7517).
async fn public_keys(State(state): State<Arc<AppState>>) -> Response {
    ([(CACHE_CONTROL, "max-age=300")], Json(state.chat.public_keys())).into_response()
}

/// An answer that nothing on the way keeps.
pub(super) fn fresh(body: impl serde::Serialize) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Json(body))
}

fn entered(body: &str, device: Device) -> Result<Entered, Failure> {
    let Credentials { name, password, link } = Credentials::parse(body)?;
    Ok(Entered { name, password, link, device })
}

/// Whom the access token of a request speaks for. The request counts as one that reads.
pub(super) struct Reader(pub Principal);

impl FromRequestParts<Arc<AppState>> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Error> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        state.admission.read(address)?;
        Ok(Self(principal(state, &parts.headers).await?))
    }
}

pub(super) async fn principal(state: &AppState, headers: &HeaderMap) -> Result<Principal, Error> {
    state.chat.verify(bearer(headers)?).await
}

/// What a request tells of the client, for its owner to recognise it.
pub(super) fn device(ClientAddress(address): ClientAddress, headers: &HeaderMap) -> Device {
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    let user_agent = user_agent.map(|text| text.chars().take(USER_AGENT_CHARS).collect());
    Device { user_agent, address: address.filter(|address| !address.is_unspecified()) }
}

pub(super) fn session(state: &AppState, SignedIn { user, access, refresh }: SignedIn) -> impl IntoResponse {
    let body = AccountSession {
        user_id: user.id,
        name: user.name,
        access_token: access.token,
        expires_at: access.expires_at,
        expires_in: VALID_FOR.as_secs() as u32,
    };
    let headers = [(SET_COOKIE, state.cookie.set(&refresh.text())), (CACHE_CONTROL, "no-store".to_owned())];
    (headers, Json(body))
}

/// Returns the refresh token of a request that a cookie authenticates. Browsers add cookies by themselves, so an
/// allowed Origin must be there.
fn cookie_of_own_page(state: &AppState, local: Local, headers: &HeaderMap) -> Result<RefreshToken, Failure> {
    if !headers.contains_key(ORIGIN) {
        let message = "a request with a cookie needs an \"Origin\"";
        return Err(Failure::new(ErrorCode::OriginNotAllowed, message));
    }
    connect::check(state, local, headers)?;
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let token = state.cookie.find(cookies).and_then(RefreshToken::parse);
    token.ok_or_else(|| Failure::new(ErrorCode::NotAuthenticated, "there is no session; sign in"))
}

/// Returns the token of an `Authorization` header. The scheme is case-insensitive (RFC 9110, section 11.1).
pub(super) fn bearer(headers: &HeaderMap) -> Result<&str, Failure> {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| {
        let (scheme, token) = value.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    token
        .ok_or_else(|| Failure::new(ErrorCode::NotAuthenticated, "\"Authorization: Bearer TOKEN\" is needed"))
}
