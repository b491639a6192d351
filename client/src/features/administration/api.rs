//! What administrators and owners ask the server.

use serde::Serialize;
use shared::account::{Bans, Invitations, NewLink, Role, Users};
use shared::all_rooms::ListedRooms;
use shared::report::Reports;
use shared::{ErrorCode, RoomName, UserId};
use uuid::Uuid;

use super::audit_entry::AuditPage;
use crate::core::requests::NoAnswer;
use crate::features::account::api::{json, read, request};
use crate::features::account::entrance_api::{self, Change};
use crate::wire::credentials::Credentials;

/// Rows per page.
const PAGE: u32 = 50;

#[derive(Serialize)]
struct NewInvitation {
    expires_in: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<u32>,
    unlimited: bool,
}

/// What changes of an account.
#[derive(Clone, Copy, Default, Serialize)]
pub struct UserChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// What changes of a room.
#[derive(Clone, Copy, Default, Serialize)]
pub struct RoomChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permanent: Option<bool>,
}

/// Somebody, or an address, that may not come any more. As it was typed: the server checks it.
#[derive(Clone, Default, Serialize)]
pub struct NewBan {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// `None`: until it is lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    pub reason: String,
    pub with_addresses: bool,
}

#[derive(Serialize)]
struct Resolution<'a> {
    note: &'a str,
}

/// The part of an address after `?`.
#[derive(Default)]
pub struct Query(String);

impl Query {
    /// With a value, if there is one.
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            let sign = if self.0.is_empty() { '?' } else { '&' };
            let value = js_sys::encode_uri_component(value);
            self.0 = format!("{}{sign}{name}={value}", self.0);
        }
        self
    }

    pub fn below(&self, path: &str) -> String {
        format!("{path}{}", self.0)
    }
}

/// Returns accounts whose names contain `q`, after the one of this name.
pub async fn users(credentials: Credentials, q: &str, after: Option<&str>) -> Result<Users, NoAnswer> {
    let query = Query::default()
        .with("q", Some(q).filter(|q| !q.is_empty()))
        .with("after", after)
        .with("limit", Some(&PAGE.to_string()));
    read(&request(credentials, "GET", &query.below("/api/v1/users"), None).await?)
}

/// Changes the role of an account, or whether somebody can sign in to it.
pub async fn change_user(credentials: Credentials, user: UserId, change: UserChange) -> Result<(), NoAnswer> {
    let path = format!("/api/v1/users/{user}");
    request(credentials, "PATCH", &path, Some(&json(&change)?)).await.map(drop)
}

/// Makes a link with which somebody gives themselves a new password.
pub async fn reset_link(credentials: Credentials, name: &str) -> Result<NewLink, NoAnswer> {
    #[derive(Serialize)]
    struct NewReset<'a> {
        name: &'a str,
    }
    let body = json(&NewReset { name })?;
    read(&request(credentials, "POST", "/api/v1/reset-links", Some(&body)).await?)
}

/// Returns public rooms after the one of this name.
pub async fn rooms(credentials: Credentials, after: Option<&str>) -> Result<ListedRooms, NoAnswer> {
    let query = Query::default().with("after", after).with("limit", Some(&PAGE.to_string()));
    read(&request(credentials, "GET", &query.below("/api/v1/all-rooms"), None).await?)
}

/// Archives a room, opens it again, or keeps it.
pub async fn change_room(
    credentials: Credentials,
    room: &RoomName,
    change: RoomChange,
) -> Result<(), NoAnswer> {
    let path = format!("/api/v1/all-rooms/{}", js_sys::encode_uri_component(room.as_str()));
    request(credentials, "PATCH", &path, Some(&json(&change)?)).await.map(drop)
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
    gone(request(credentials, "DELETE", &format!("/api/v1/invitations/{invitation}"), None).await)
}

/// Returns reports before the one with this number, the newest first: the open ones, or all.
pub async fn reports(
    credentials: Credentials,
    is_open: bool,
    before: Option<u64>,
) -> Result<Reports, NoAnswer> {
    let before = before.map(|before| before.to_string());
    let query = Query::default().with("open", is_open.then_some("true")).with("before", before.as_deref());
    read(&request(credentials, "GET", &query.below("/api/v1/reports"), None).await?)
}

/// Says what was done about a report.
pub async fn resolve(credentials: Credentials, report: u64, note: &str) -> Result<(), NoAnswer> {
    let path = format!("/api/v1/reports/{report}/resolve");
    request(credentials, "POST", &path, Some(&json(&Resolution { note })?)).await.map(drop)
}

/// Returns the bans that are in force.
pub async fn bans(credentials: Credentials) -> Result<Bans, NoAnswer> {
    read(&request(credentials, "GET", "/api/v1/bans", None).await?)
}

/// Bans somebody, or an address, from the server.
pub async fn ban(credentials: Credentials, new: &NewBan) -> Result<(), NoAnswer> {
    request(credentials, "POST", "/api/v1/bans", Some(&json(new)?)).await.map(drop)
}

/// Ends a ban. It is no failure if it has ended already.
pub async fn lift(credentials: Credentials, ban: u64) -> Result<(), NoAnswer> {
    gone(request(credentials, "DELETE", &format!("/api/v1/bans/{ban}"), None).await)
}

/// Returns entries of the audit log before the one with this number, the newest first.
pub async fn audit(
    credentials: Credentials,
    filter: Query,
    before: Option<u64>,
) -> Result<AuditPage, NoAnswer> {
    let before = before.map(|before| before.to_string());
    let query = filter.with("before", before.as_deref()).with("limit", Some(&PAGE.to_string()));
    read(&request(credentials, "GET", &query.below("/api/v1/audit"), None).await?)
}

/// Decides who may come in.
pub async fn decide(credentials: Credentials, change: Change) -> Result<(), NoAnswer> {
    let token = credentials.token().await.map_err(|_| NoAnswer::Offline)?;
    entrance_api::change(&token, change).await
}

fn gone(answer: Result<String, NoAnswer>) -> Result<(), NoAnswer> {
    match answer {
        Err(NoAnswer::Refused(failure)) if failure.code == ErrorCode::NotFound => Ok(()),
        answer => answer.map(drop),
    }
}
