//! What the server is asked about reports.

use serde::Serialize;
use shared::report::Reports;
use shared::{RoomAddress, Seq, ShortText};

use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::features::account::api::{json, of_room, read, request_of};
use crate::wire::credentials::Credentials;

#[derive(Serialize)]
struct NewReport<'a> {
    reason: Option<&'a ShortText>,
}

#[derive(Serialize)]
struct Resolution<'a> {
    note: Option<&'a ShortText>,
}

/// Reports a message.
pub async fn report(
    who: &(Store, Credentials),
    room: &RoomAddress,
    seq: Seq,
    reason: Option<&ShortText>,
) -> Result<(), NoAnswer> {
    let path = of_room(room, &format!("messages/{seq}/reports"));
    request_of(who, "POST", &path, Some(&json(&NewReport { reason })?)).await.map(drop)
}

/// Returns the open reports of a room, those with ids below `before`.
pub async fn open(
    who: &(Store, Credentials),
    room: &RoomAddress,
    before: Option<u64>,
) -> Result<Reports, NoAnswer> {
    let before = before.map(|id| format!("&before={id}")).unwrap_or_default();
    let path = of_room(room, &format!("reports?open=true{before}"));
    read(&request_of(who, "GET", &path, None).await?)
}

/// Settles a report.
pub async fn resolve(who: &(Store, Credentials), id: u64, note: Option<&ShortText>) -> Result<(), NoAnswer> {
    let path = format!("/api/v1/reports/{id}/resolve");
    request_of(who, "POST", &path, Some(&json(&Resolution { note })?)).await.map(drop)
}
