//! Errors of requests: sent as an `error` frame on the socket, as a problem body over HTTP.

use std::time::Duration;

use shared::{ErrorCode, Failure, RoomAddress};

use crate::hub::HubClosed;
use crate::outage;
use crate::store::StoreError;

/// Suggested delay before a retry when the server is busy, in milliseconds.
const BUSY_FOR: u64 = 1_000;

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself was invalid.
    #[error("{0}")]
    Refused(Failure),
    #[error("too fast; try again in {retry_after_ms} ms")]
    RateLimited {
        /// When the next request is allowed, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// The connection is not in that room, or may not see it.
    #[error("you are not in this room")]
    NotAMember(RoomAddress),
    /// More is asked at once than the server can do.
    #[error("the server is busy")]
    Busy,
    /// The person is in the maximum number of rooms.
    #[error("you are in as many rooms as you may be; leave one first")]
    TooManyRooms(RoomAddress),
    /// The store refused the write.
    #[error("{}", not_stored(*.0))]
    NotStored(ErrorCode),
    /// There is no such page.
    #[error("there is nothing at this address")]
    NotFound,
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server is shutting down.
    #[error(transparent)]
    Stopping(#[from] HubClosed),
}

impl Error {
    /// Builds a rate limit error; the next request is allowed after `wait`.
    pub fn rate_limited(wait: Duration) -> Self {
        // Rounded up, so that a client that waits exactly this long is not refused again.
        Self::RateLimited { retry_after_ms: wait.as_millis() as u64 + 1 }
    }

    /// Returns the stable error code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(failure) => failure.code,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::NotAMember(_) => ErrorCode::NotAMember,
            Self::TooManyRooms(_) => ErrorCode::TooManyRooms,
            Self::NotStored(code) => *code,
            Self::NotFound => ErrorCode::NotFound,
            Self::Busy | Self::Store(StoreError::Unavailable(_)) | Self::Stopping(_) => {
                ErrorCode::Unavailable
            }
            Self::Store(StoreError::Corrupt(_)) => ErrorCode::Internal,
        }
    }

    /// Converts to the error that is sent to the client. Internal causes are logged here, once, and not shown.
    pub fn into_failure(self) -> Failure {
        let code = self.code();
        let message = self.to_string();
        match self {
            Self::Refused(failure) => failure,
            Self::RateLimited { retry_after_ms } => {
                Failure { retry_after_ms: Some(retry_after_ms), ..Failure::new(code, message) }
            }
            Self::NotAMember(room) | Self::TooManyRooms(room) => Failure::new(code, message).in_room(room),
            Self::Store(StoreError::Unavailable(cause) | StoreError::Corrupt(cause)) => {
                outage::tell(&cause);
                Failure::new(code, message)
            }
            Self::Busy => Failure { retry_after_ms: Some(BUSY_FOR), ..Failure::new(code, message) },
            Self::NotStored(_) | Self::NotFound | Self::Stopping(_) => Failure::new(code, message),
        }
    }
}

fn not_stored(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::IdConflict => "this client_message_id was used for something else",
        ErrorCode::NoSuchMessage => "there is no such message in this room",
        ErrorCode::Forbidden => "only its author may do this",
        ErrorCode::NotAMember => "you are not in this room",
        ErrorCode::NoSuchUser => "there is nobody of that name here",
        ErrorCode::Banned => "they are banned from this room",
        ErrorCode::TooMany => "there are as many as there may be",
        _ => "it was not stored",
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}
