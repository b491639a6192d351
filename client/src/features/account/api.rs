//! What the server is asked about accounts.

use std::time::Duration;

use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use leptos::prelude::WithUntracked;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::account::{Account, AccountSession, ConfirmedMail, Entrance, Sessions};
use shared::{ErrorCode, Failure, RoomAddress, SessionId, Timestamp};

use crate::browser::fetch;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::wire::credentials::Credentials;

/// Long, because a refresh whose answer is lost counts only once.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// As it was typed: the server checks it. What `shared::account` checks with need not be downloaded.
#[derive(Serialize)]
struct Credential<'a> {
    name: &'a str,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
}

#[derive(Serialize)]
struct PasswordReset<'a> {
    link: &'a str,
    password: &'a str,
}

#[derive(Serialize)]
struct ForgottenPassword<'a> {
    account: &'a str,
}

#[derive(Serialize)]
struct MailChange<'a> {
    mail: &'a str,
    password: &'a str,
}

#[derive(Serialize)]
struct MailRemoval<'a> {
    password: &'a str,
}

#[derive(Serialize)]
struct MailConfirmation<'a> {
    link: &'a str,
}

#[derive(Serialize)]
struct AccountChange<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct AccountDeletion<'a> {
    password: &'a str,
    delete_messages: bool,
}

#[derive(Serialize)]
struct PasswordChange<'a> {
    password: &'a str,
    new_password: &'a str,
}

/// What the account tells others of itself from now on. Empty texts tell nothing.
#[derive(Serialize)]
pub struct ProfileChange {
    pub reading: String,
    pub status_emoji: String,
    pub status: String,
    pub status_until: Option<Timestamp>,
    pub colour: Option<u32>,
    pub do_not_disturb_until: Option<Timestamp>,
    pub time_zone: Option<String>,
}

fn unreadable(error: &serde_json::Error) -> NoAnswer {
    NoAnswer::Refused(Failure::new(ErrorCode::Internal, error.to_string()))
}

/// Signs in. With the owner's link the account becomes the owner.
pub async fn sign_in(name: &str, password: &str, link: Option<&str>) -> Result<AccountSession, NoAnswer> {
    enter("/api/v1/sign-in", None, name, password, link).await
}

/// Creates an account, of which the guest with the secret `guest` becomes the user. If the answer is lost it may have been
/// created: then this signs in to it.
pub async fn sign_up(
    guest: Option<&str>,
    name: &str,
    password: &str,
    link: Option<&str>,
) -> Result<AccountSession, NoAnswer> {
    match enter("/api/v1/sign-up", guest, name, password, link).await {
        Err(NoAnswer::Offline) => sign_in(name, password, None).await.map_err(|_| NoAnswer::Offline),
        answer => answer,
    }
}

/// Gives the account of a link a new password and signs in.
pub async fn reset_password(link: &str, password: &str) -> Result<AccountSession, NoAnswer> {
    let body = json(&PasswordReset { link, password })?;
    read(answer("POST", "/api/v1/reset-password", None, Some(&body)).await?.as_str())
}

/// Has a link for a new password mailed to the owner of an account, if there is one of this name or mail address.
pub async fn forgotten_password(account: &str) -> Result<(), NoAnswer> {
    let body = json(&ForgottenPassword { account })?;
    answer("POST", "/api/v1/forgotten-password", None, Some(&body)).await.map(drop)
}

/// Uses a link that confirms a mail address.
pub async fn confirm_mail(link: &str) -> Result<ConfirmedMail, NoAnswer> {
    let body = json(&MailConfirmation { link })?;
    read(answer("POST", "/api/v1/confirm-mail", None, Some(&body)).await?.as_str())
}

/// Has a link mailed to an address, which becomes that of the account when the link is used.
pub async fn want_mail(credentials: Credentials, mail: &str, password: &str) -> Result<(), NoAnswer> {
    let body = json(&MailChange { mail, password })?;
    request(credentials, "POST", "/api/v1/account/mail", Some(&body)).await.map(drop)
}

/// Takes the mail address from the account.
pub async fn remove_mail(credentials: Credentials, password: &str) -> Result<(), NoAnswer> {
    let body = json(&MailRemoval { password })?;
    request(credentials, "POST", "/api/v1/account/mail/delete", Some(&body)).await.map(drop)
}

async fn enter(
    path: &str,
    guest: Option<&str>,
    name: &str,
    password: &str,
    link: Option<&str>,
) -> Result<AccountSession, NoAnswer> {
    let body = json(&Credential { name, password, link })?;
    read(answer("POST", path, guest, Some(&body)).await?.as_str())
}

/// Exchanges the cookie for the next one and an access token.
pub async fn refresh() -> Result<AccountSession, NoAnswer> {
    read(answer("POST", "/api/v1/refresh", None, None).await?.as_str())
}

/// Ends the session of the cookie.
pub async fn sign_out() -> Result<(), NoAnswer> {
    answer("POST", "/api/v1/sign-out", None, None).await.map(drop)
}

/// Reads the body of an answer.
pub fn read<T: DeserializeOwned>(body: &str) -> Result<T, NoAnswer> {
    serde_json::from_str(body).map_err(|error| unreadable(&error))
}

/// Who may come in; `None` if that cannot be told now.
pub async fn entrance() -> Option<Entrance> {
    fetch::json("/api/v1/entrance").await
}

/// Changes the name. Returns what the account is now.
pub async fn rename(credentials: Credentials, name: &str) -> Result<Account, NoAnswer> {
    let body = json(&AccountChange { name })?;
    read(&request(credentials, "PATCH", "/api/v1/account", Some(&body)).await?)
}

/// Replaces what the account tells others of itself.
pub async fn set_profile(credentials: Credentials, change: &ProfileChange) -> Result<(), NoAnswer> {
    request(credentials, "PUT", "/api/v1/profile", Some(&json(change)?)).await.map(drop)
}

/// Deletes the account, and what it wrote if that is wished.
pub async fn delete_account(
    credentials: Credentials,
    password: &str,
    delete_messages: bool,
) -> Result<(), NoAnswer> {
    let body = json(&AccountDeletion { password, delete_messages })?;
    request(credentials, "POST", "/api/v1/account/delete", Some(&body)).await.map(drop)
}

/// Returns what the account is.
pub async fn account(credentials: Credentials) -> Result<Account, NoAnswer> {
    read(&request(credentials, "GET", "/api/v1/account", None).await?)
}

/// Changes the password and ends the other sessions.
pub async fn change_password(
    credentials: Credentials,
    password: &str,
    new_password: &str,
) -> Result<(), NoAnswer> {
    let body = json(&PasswordChange { password, new_password })?;
    request(credentials, "POST", "/api/v1/password", Some(&body)).await.map(drop)
}

/// Returns where the account is signed in.
pub async fn sessions(credentials: Credentials) -> Result<Sessions, NoAnswer> {
    read(&request(credentials, "GET", "/api/v1/sessions", None).await?)
}

/// Ends a session. It is no failure if it has ended already.
pub async fn end_session(credentials: Credentials, session: SessionId) -> Result<(), NoAnswer> {
    let path = format!("/api/v1/sessions/{session}");
    match request(credentials, "DELETE", &path, None).await {
        Err(NoAnswer::Refused(failure)) if failure.code == ErrorCode::NotFound => Ok(()),
        answer => answer.map(drop),
    }
}

/// Sends a request of the account.
pub async fn request(
    credentials: Credentials,
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Result<String, NoAnswer> {
    let token = credentials.token().await.map_err(|_| NoAnswer::Offline)?;
    answer(method, path, Some(&token), body).await
}

/// Sends a request of whoever is signed in: an account by its token, a guest by its secret.
pub async fn request_of(
    (store, credentials): &(Store, Credentials),
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Result<String, NoAnswer> {
    match store.identity.with_untracked(|identity| identity.session.clone()) {
        Some(secret) => answer(method, path, Some(&secret), body).await,
        None => request(*credentials, method, path, body).await,
    }
}

/// The path of something about a room.
pub fn of_room(room: &RoomAddress, what: &str) -> String {
    format!("/api/v1/rooms/{}/{what}", in_path(room))
}

/// A room as a part of a path.
pub fn in_path(room: &RoomAddress) -> String {
    room.path().strip_prefix("/r/").unwrap_or_default().to_owned()
}

/// Sends a request and reads its answer. One that is not answered in time is given up.
pub async fn answer(
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&str>,
) -> Result<String, NoAnswer> {
    let sent = Box::pin(fetch::send(method, path, token, body));
    let Either::Left((Some((status, body)), _)) = select(sent, sleep(ANSWERS_WITHIN)).await else {
        return Err(NoAnswer::Offline);
    };
    if status < 300 {
        return Ok(body);
    }
    // A proxy that answers in place of the server says nothing about the request.
    Err(serde_json::from_str::<Failure>(&body).map_or(NoAnswer::Offline, NoAnswer::Refused))
}

pub fn json(value: &impl Serialize) -> Result<String, NoAnswer> {
    serde_json::to_string(value).map_err(|error| unreadable(&error))
}
