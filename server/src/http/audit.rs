//! The audit log for administrators: page by page, or whole as a file.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use shared::{ErrorCode, Failure, Timestamp, UserId, UserName, Whom};

use super::AppState;
use super::accounts::Reader;
use crate::error::Error;
use crate::store::{AuditEntry, AuditFilter};

/// Entries per page, if the request does not say, and at most.
const PAGE: u16 = 50;
const PAGE_MOST: u16 = 200;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new().route("/api/v1/audit", get(page)).route("/api/v1/audit/download", get(download))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    act: Option<String>,
    /// An id, or a name.
    by: Option<String>,
    member: Option<String>,
    room: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    before: Option<u64>,
    limit: Option<u16>,
}

impl Asked {
    fn filter(self) -> Result<AuditFilter, Failure> {
        let Self { act, by, member, room, since, until, .. } = self;
        let (by, member) = (whom("by", by)?, whom("member", member)?);
        Ok(AuditFilter { act, by, member, room, since, until })
    }
}

fn whom(field: &'static str, text: Option<String>) -> Result<Option<Whom>, Failure> {
    let Some(text) = text else { return Ok(None) };
    if let Ok(id) = text.parse() {
        return Ok(Some(Whom::Id(UserId::new(id))));
    }
    let wrong = |error| Failure::new(ErrorCode::InvalidField, format!("\"{field}\" {error}")).in_field(field);
    UserName::new(&text).map(|name| Some(Whom::Name(name))).map_err(wrong)
}

#[derive(Serialize)]
struct AuditPage {
    entries: Vec<AuditEntry>,
    /// Whether there are older ones.
    more: bool,
}

async fn page(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let asked = parsed(asked)?;
    let (before, limit) = (asked.before, asked.limit.unwrap_or(PAGE));
    if !(1..=PAGE_MOST).contains(&limit) {
        let message = format!("\"limit\" must be 1 to {PAGE_MOST}");
        return Err(Failure::new(ErrorCode::InvalidField, message).in_field("limit").into());
    }
    let mut entries = state.chat.audit(&principal, &asked.filter()?, before, limit + 1).await?;
    let more = entries.len() > usize::from(limit);
    entries.truncate(limit.into());
    Ok(([(CACHE_CONTROL, "no-store")], Json(AuditPage { entries, more })))
}

/// One entry a line, the newest first. A page is read when the client has taken the one before, if the client may still
/// read it; an error in the middle breaks the answer off.
async fn download(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, Error> {
    let asked = parsed(asked)?;
    let (before, filter) = (asked.before, asked.filter()?);
    // What is wrong with the request is told before the answer begins.
    state.chat.audit(&principal, &filter, Some(0), 1).await?;
    let pages = stream::try_unfold(before, move |before| {
        let (state, principal, filter) = (state.clone(), principal.clone(), filter.clone());
        async move {
            let entries = state.chat.further_audit(&principal, &filter, before, PAGE_MOST).await;
            let entries = entries.map_err(Error::into_failure)?;
            let Some(last) = entries.last().map(|entry| entry.id) else { return Ok(None) };
            let mut lines = Vec::new();
            for entry in &entries {
                serde_json::to_writer(&mut lines, entry).map_err(|_| internal())?;
                lines.push(b'\n');
            }
            Ok::<_, Failure>(Some((lines, Some(last))))
        }
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"hiroba-audit.jsonl\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(pages)))
}

fn parsed(asked: Result<Query<Asked>, QueryRejection>) -> Result<Asked, Failure> {
    let Query(asked) = asked.map_err(|error| Failure::new(ErrorCode::InvalidField, error.body_text()))?;
    Ok(asked)
}

fn internal() -> Failure {
    Failure::new(ErrorCode::Internal, "an entry cannot be written")
}
