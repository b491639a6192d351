//! What the server answers about what was done.

use serde::Deserialize;
use shared::{Person, Timestamp};

/// A page of the audit log.
#[derive(Deserialize)]
pub struct AuditPage {
    pub entries: Vec<AuditEntry>,
    pub more: bool,
}

/// Something that somebody did. What there is beside the act depends on it.
#[derive(Clone, Deserialize)]
pub struct AuditEntry {
    pub id: u64,
    pub timestamp: Timestamp,
    /// `None`: whoever runs the server.
    pub by: Option<Person>,
    pub act: String,
    pub room: Option<String>,
    pub member: Option<Person>,
    pub reason: Option<String>,
    pub kind: Option<String>,
    pub seconds: Option<u32>,
    pub role: Option<String>,
    pub slow_seconds: Option<u32>,
    pub archived: Option<bool>,
    pub permanent: Option<bool>,
    pub address: Option<String>,
    pub until: Option<Timestamp>,
    pub disabled: Option<bool>,
    pub guests: Option<bool>,
    pub sign_up: Option<String>,
    pub note: Option<String>,
}
