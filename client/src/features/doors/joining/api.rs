//! What the server is asked about links into rooms.

use serde::Serialize;
use shared::room_link::{RoomLinkPreview, RoomLinkUsed};
use shared::{ErrorCode, RoomAddress};

use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::features::account::api::{answer, json, read, request_of};
use crate::i18n::{Language, common, reason};
use crate::wire::credentials::Credentials;

#[derive(Serialize)]
struct Link<'a> {
    link: &'a str,
}

/// Tells where a link leads.
pub async fn preview(link: &str) -> Result<RoomLinkPreview, NoAnswer> {
    read(&answer("POST", "/api/v1/join/preview", None, Some(&json(&Link { link })?)).await?)
}

/// Uses a link. Returns the room.
pub async fn join(who: &(Store, Credentials), link: &str) -> Result<RoomAddress, NoAnswer> {
    let used = request_of(who, "POST", "/api/v1/join", Some(&json(&Link { link })?)).await?;
    read::<RoomLinkUsed>(&used).map(|used| used.room)
}

/// Why there is no answer.
pub fn why(language: Language, error: &NoAnswer) -> String {
    match error {
        NoAnswer::Offline => common::CONNECTION_LOST.of(language).to_owned(),
        NoAnswer::Refused(failure) if failure.code == ErrorCode::LinkEnded => {
            texts::ENDED.of(language).to_owned()
        }
        NoAnswer::Refused(failure) => reason(language, failure.code, failure.retry_after_ms),
    }
}
