//! How the lists for administrators are asked for: page by page.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;
use shared::{ErrorCode, Failure};

/// Entries per page, if the request does not say, and at most.
const PAGE: u16 = 50;
const PAGE_MOST: u16 = 200;

/// The query of a request for a page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What names contain.
    pub(super) q: String,
    /// The name of the last entry of the page before.
    pub(super) after: String,
    limit: Option<u16>,
}

/// Returns what was asked for, and how many entries.
///
/// # Errors
/// The query cannot be parsed, or asks for too many.
pub(super) fn page(asked: Result<Query<Asked>, QueryRejection>) -> Result<(Asked, u16), Failure> {
    let Query(asked) = asked.map_err(|error| Failure::new(ErrorCode::InvalidField, error.body_text()))?;
    let limit = asked.limit.unwrap_or(PAGE);
    if (1..=PAGE_MOST).contains(&limit) {
        return Ok((asked, limit));
    }
    let message = format!("\"limit\" must be 1 to {PAGE_MOST}");
    Err(Failure::new(ErrorCode::InvalidField, message).in_field("limit"))
}
