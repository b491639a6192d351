//! The reason for an error in the user's language.

use shared::ErrorCode;

use super::Texts;

/// Explains an error code; `retry_after_ms` is the delay before a retry.
pub fn reason(texts: &Texts, code: ErrorCode, retry_after_ms: Option<u64>) -> String {
    let errors = &texts.errors;
    match code {
        ErrorCode::InvalidName => errors.invalid_name,
        ErrorCode::ContentEmpty => errors.content_empty,
        ErrorCode::ContentTooLong => errors.content_too_long,
        ErrorCode::NotAMember => errors.not_a_member,
        ErrorCode::Forbidden => errors.forbidden,
        ErrorCode::NoSuchMessage => errors.no_such_message,
        ErrorCode::TooMany => errors.too_many,
        ErrorCode::TooManyRooms => errors.too_many_rooms,
        ErrorCode::IdConflict => errors.id_conflict,
        ErrorCode::RateLimited => {
            return (errors.rate_limited)(retry_after_ms.unwrap_or(1_000).div_ceil(1_000).max(1));
        }
        ErrorCode::Unavailable => errors.unavailable,
        ErrorCode::Internal => errors.internal,
        ErrorCode::BadJson
        | ErrorCode::NotText
        | ErrorCode::UnknownType
        | ErrorCode::MissingField
        | ErrorCode::InvalidField
        | ErrorCode::NotAuthenticated
        | ErrorCode::AlreadyAuthenticated
        | ErrorCode::NotFound
        | ErrorCode::OriginNotAllowed
        | ErrorCode::UpgradeRequired
        | ErrorCode::BadHandshake
        | ErrorCode::Unknown => errors.other,
    }
    .to_owned()
}
