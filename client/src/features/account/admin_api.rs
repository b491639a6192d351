//! What administrators and owners ask the server.

use serde::Serialize;
use shared::ErrorCode;
use shared::account::{Invitations, NewLink};
use uuid::Uuid;

use super::api::{json, read, request};
use super::entrance_api::{self, Change};
use crate::core::requests::NoAnswer;
use crate::wire::credentials::Credentials;

#[derive(Serialize)]
struct NewInvitation {
    expires_in: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<u32>,
    unlimited: bool,
}

#[derive(Serialize)]
struct NewReset<'a> {
    name: &'a str,
}

/// Returns the invitations that can be used.
pub async fn invitations(credentials: Credentials) -> Result<Invitations, NoAnswer> {
    read(&request(credentials, "GET", "/api/v1/invitations", None).await?)
}

/// Makes an invitation for some seconds; `uses`: for how many people, `None` for as many as like.
pub async fn invite(
    credentials: Credentials,
    expires_in: u32,
    uses: Option<u32>,
) -> Result<NewLink, NoAnswer> {
    let body = json(&NewInvitation { expires_in, uses, unlimited: uses.is_none() })?;
    read(&request(credentials, "POST", "/api/v1/invitations", Some(&body)).await?)
}

/// Withdraws an invitation. It is no failure if it has ended already.
pub async fn withdraw(credentials: Credentials, invitation: Uuid) -> Result<(), NoAnswer> {
    let path = format!("/api/v1/invitations/{invitation}");
    match request(credentials, "DELETE", &path, None).await {
        Err(NoAnswer::Refused(failure)) if failure.code == ErrorCode::NotFound => Ok(()),
        answer => answer.map(drop),
    }
}

/// Makes a link with which somebody gives themselves a new password.
pub async fn reset_link(credentials: Credentials, name: &str) -> Result<NewLink, NoAnswer> {
    let body = json(&NewReset { name })?;
    read(&request(credentials, "POST", "/api/v1/reset-links", Some(&body)).await?)
}

/// Decides who may come in.
pub async fn decide(credentials: Credentials, change: Change) -> Result<(), NoAnswer> {
    let token = credentials.token().await.map_err(|_| NoAnswer::Offline)?;
    entrance_api::change(&token, change).await
}
