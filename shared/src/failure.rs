//! What can go wrong, as the wire tells it: error codes, the `error` frame's content, close codes.

use serde::{Deserialize, Deserializer, Serialize};

use crate::fields::from_fields;
use crate::id::RequestId;
use crate::text::RoomAddress;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, retry: $retry:literal;)*) => {
        /// A stable name for what went wrong. Clients show their own words for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// A code that is newer than this client.
            #[serde(rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// Every code of this build.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as the wire shows it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unknown => "unknown" }
            }

            /// The status of an HTTP answer that carries this code.
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// Whether the same request may succeed later without being changed.
            pub const fn retryable(self) -> bool {
                match self { $(Self::$name => $retry,)* Self::Unknown => false }
            }
        }
    };
}

error_codes! {
    /// Not a JSON object, or nested too deeply.
    BadJson = "bad_json", 400, retry: false;
    /// A binary message where text is expected.
    NotText = "not_text", 400, retry: false;
    /// `type` is missing or unknown.
    UnknownType = "unknown_type", 400, retry: false;
    /// A field is missing; `field` names it.
    MissingField = "missing_field", 400, retry: false;
    /// A field has the wrong type or value; `field` names it.
    InvalidField = "invalid_field", 400, retry: false;
    /// A user or room name that is empty, too long or has forbidden characters; `field` names it.
    InvalidName = "invalid_name", 400, retry: false;
    /// A message without visible text.
    ContentEmpty = "content_empty", 400, retry: false;
    /// A message over the limits.
    ContentTooLong = "content_too_long", 413, retry: false;
    /// The first frame must be `auth`.
    NotAuthenticated = "not_authenticated", 401, retry: false;
    /// `auth` was said before on this connection.
    AlreadyAuthenticated = "already_authenticated", 409, retry: false;
    /// The room is not joined, or may not be seen.
    NotAMember = "not_a_member", 403, retry: false;
    /// Somebody else's message, or an action that this person may not do.
    Forbidden = "forbidden", 403, retry: false;
    /// There is no such message in the room, or it was deleted.
    NoSuchMessage = "no_such_message", 404, retry: false;
    /// The message has as many kinds of reactions, the room as many pins, or the server as many rooms, as it may.
    TooMany = "too_many", 409, retry: false;
    /// The person is in as many rooms as they may.
    TooManyRooms = "too_many_rooms", 409, retry: false;
    /// The `client_message_id` was used for another message.
    IdConflict = "id_conflict", 409, retry: false;
    /// No such page.
    NotFound = "not_found", 404, retry: false;
    /// Pages of this `Origin` may not open a WebSocket.
    OriginNotAllowed = "origin_not_allowed", 403, retry: false;
    /// This address speaks WebSocket, and none was asked for.
    UpgradeRequired = "upgrade_required", 426, retry: false;
    /// A WebSocket handshake without a header that it needs.
    BadHandshake = "bad_handshake", 400, retry: false;
    /// Faster than the limits allow; `retry_after_ms` says when.
    RateLimited = "rate_limited", 429, retry: true;
    /// The server cannot store or read at the moment (full disk, shutting down).
    Unavailable = "unavailable", 503, retry: true;
    /// A fault of the server.
    Internal = "internal", 500, retry: true;
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self::ALL.iter().copied().find(|code| code.as_str() == text).unwrap_or(Self::Unknown))
    }
}

/// What travels when a request fails: the `error` frame on the socket, the body over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct Failure {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What went wrong, for developers, in English.
    pub message: String,
    /// The field that was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<std::borrow::Cow<'static, str>>,
    /// The room that the request was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomAddress>,
    /// When a retry makes sense, in milliseconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The `id` of the request that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
    /// The `client_message_id` of the message that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<crate::id::ClientMessageId>,
}

from_fields! {
    Failure {
        code: need, message: need, field: get, room: get, retry_after_ms: get, id: get, client_message_id: get,
    }
}

impl Failure {
    /// A failure without details.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            room: None,
            retry_after_ms: None,
            id: None,
            client_message_id: None,
        }
    }

    /// Names the field that was wrong.
    #[must_use]
    pub fn in_field(mut self, field: &'static str) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the room that the request was about.
    #[must_use]
    pub fn in_room(mut self, room: RoomAddress) -> Self {
        self.room = Some(room);
        self
    }
}

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, reconnect: $reconnect:literal;)*) => {
        /// Why the server closes a connection (RFC 6455, section 7.4, and our own from 4000 on).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CloseCode {
            $($(#[$doc])* $name,)*
        }

        impl CloseCode {
            /// Every code of this build.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The number in the close frame.
            pub const fn code(self) -> u16 {
                match self { $(Self::$name => $code,)* }
            }

            /// The code for a number in a close frame, if we know it.
            pub const fn from_code(code: u16) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// Whether a client may connect again by itself.
            pub const fn may_reconnect(self) -> bool {
                match self { $(Self::$name => $reconnect,)* }
            }
        }
    };
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code.code()
    }
}

close_codes! {
    /// The client said goodbye, or is answered so.
    Normal = 1000, reconnect: false;
    /// The server stops or the page goes away: reconnect with jitter.
    GoingAway = 1001, reconnect: true;
    /// A violation of RFC 6455: a bug of the client.
    ProtocolError = 1002, reconnect: false;
    /// Text that is not UTF-8: a bug of the client.
    InvalidPayload = 1007, reconnect: false;
    /// A message over 64 KiB: a bug of the client.
    TooBig = 1009, reconnect: false;
    /// No `auth` within 10 seconds.
    AuthTimeout = 4001, reconnect: true;
    /// The session ended: sign in again.
    SessionEnded = 4003, reconnect: false;
    /// Too slow in reading: resume at once, back off when it happens again within a minute.
    SlowConsumer = 4008, reconnect: true;
    /// No sign of life within 35 seconds.
    NoPong = 4009, reconnect: true;
    /// Too many connections: back off.
    TooManyConnections = 4013, reconnect: true;
    /// Went on after being told of the rate limits: wait for `retry_after_ms`.
    RateLimited = 4029, reconnect: true;
    /// Removed by a moderator: stop.
    Removed = 4030, reconnect: false;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_as_itself() {
        for &code in ErrorCode::ALL {
            let json = serde_json::to_string(&code).unwrap();
            assert_eq!(json, format!("\"{}\"", code.as_str()));
            assert_eq!(serde_json::from_str::<ErrorCode>(&json).unwrap(), code);
        }
        assert_eq!(serde_json::from_str::<ErrorCode>("\"from_the_future\"").unwrap(), ErrorCode::Unknown);
        for &code in CloseCode::ALL {
            assert_eq!(CloseCode::from_code(code.code()), Some(code));
        }
    }
}
