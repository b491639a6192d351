//! Errors on the wire: error codes, the body of the `error` frame, close codes.

use serde::{Deserialize, Deserializer, Serialize};

use crate::fields::object;
use crate::id::{RequestId, UserId};
use crate::text::RoomAddress;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, retry: $retry:literal;)*) => {
        /// A stable identifier of an error. Clients show their own text for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// A code newer than this build.
            #[serde(rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// All codes of this build.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as sent on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unknown => "unknown" }
            }

            /// The status of an HTTP response with this code.
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// Returns whether the unchanged request may succeed later.
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
    /// A user or room name is empty, too long or has forbidden characters; `field` names it.
    InvalidName = "invalid_name", 400, retry: false;
    /// A message without visible text.
    ContentEmpty = "content_empty", 400, retry: false;
    /// A message that exceeds the limits.
    ContentTooLong = "content_too_long", 413, retry: false;
    /// The first frame must be `auth`.
    NotAuthenticated = "not_authenticated", 401, retry: false;
    /// The connection is already authenticated.
    AlreadyAuthenticated = "already_authenticated", 409, retry: false;
    /// The name or the password is wrong.
    WrongCredentials = "wrong_credentials", 401, retry: false;
    /// The account is disabled.
    AccountDisabled = "account_disabled", 403, retry: false;
    /// The access token has expired: refresh it and try again.
    TokenExpired = "token_expired", 401, retry: false;
    /// Nobody may create an account here.
    SignUpClosed = "sign_up_closed", 403, retry: false;
    /// Guests may not come in here.
    GuestsClosed = "guests_closed", 403, retry: false;
    /// A link was used already, has expired, or was withdrawn.
    LinkEnded = "link_ended", 410, retry: false;
    /// The name is that of an account, or looks like it.
    NameTaken = "name_taken", 409, retry: false;
    /// A password that is too short, too long or too common; `field` names it.
    InvalidPassword = "invalid_password", 400, retry: false;
    /// The user has not joined the room, or may not see it.
    NotAMember = "not_a_member", 403, retry: false;
    /// Another user's message, or an action that this user may not perform.
    Forbidden = "forbidden", 403, retry: false;
    /// Somebody banned the user from this room; `retry_after_ms` says how much longer, if it ends by itself.
    Banned = "banned", 403, retry: false;
    /// Somebody muted the user in this room; `retry_after_ms` says how much longer, if it ends by itself.
    Muted = "muted", 403, retry: false;
    /// Members of this room wait between two messages; `retry_after_ms` says how much longer.
    SlowMode = "slow_mode", 429, retry: true;
    /// The room can only be read.
    Archived = "archived", 409, retry: false;
    /// There is nobody of that name or id, or they cannot be invited.
    NoSuchUser = "no_such_user", 404, retry: false;
    /// The message does not exist in the room, or was deleted.
    NoSuchMessage = "no_such_message", 404, retry: false;
    /// The message has the maximum number of reaction kinds, the room of pins, or the server of rooms.
    TooMany = "too_many", 409, retry: false;
    /// The user is in the maximum number of rooms.
    TooManyRooms = "too_many_rooms", 409, retry: false;
    /// The `client_message_id` was already used for another message.
    IdConflict = "id_conflict", 409, retry: false;
    /// No such HTTP resource.
    NotFound = "not_found", 404, retry: false;
    /// Pages of this `Origin` may not open a WebSocket.
    OriginNotAllowed = "origin_not_allowed", 403, retry: false;
    /// A plain HTTP request to a WebSocket endpoint.
    UpgradeRequired = "upgrade_required", 426, retry: false;
    /// A WebSocket handshake that lacks a required header.
    BadHandshake = "bad_handshake", 400, retry: false;
    /// Rate limited; `retry_after_ms` says when to retry.
    RateLimited = "rate_limited", 429, retry: true;
    /// The server cannot read or write its store at the moment (disk full, shutting down).
    Unavailable = "unavailable", 503, retry: true;
    /// An internal error of the server.
    Internal = "internal", 500, retry: true;
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self::ALL.iter().copied().find(|code| code.as_str() == text).unwrap_or(Self::Unknown))
    }
}

object! {
    /// A failed request: the `error` frame on the socket, the response body over HTTP.
    #[derive(thiserror::Error)]
    #[error("{}: {message}", code.as_str())]
    pub struct Failure {
        /// Machine-readable error code.
        pub code: ErrorCode = need,
        /// Message for developers, in English.
        pub message: String = need,
        /// The invalid field.
        pub field: Option<std::borrow::Cow<'static, str>> = get,
        /// The room of the request.
        pub room: Option<RoomAddress> = get,
        /// Whom it is about, where that is not the user.
        pub user_id: Option<UserId> = get,
        /// Delay after which a retry makes sense, in milliseconds.
        pub retry_after_ms: Option<u64> = get,
        /// The `id` of the request that failed.
        pub id: Option<RequestId> = get,
        /// The `client_message_id` of the rejected message.
        pub client_message_id: Option<crate::id::ClientMessageId> = get,
    }
}

impl Failure {
    /// Creates a failure without details.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            room: None,
            user_id: None,
            retry_after_ms: None,
            id: None,
            client_message_id: None,
        }
    }

    /// Sets the invalid field.
    #[must_use]
    pub fn in_field(mut self, field: &'static str) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Sets whom it is about.
    #[must_use]
    pub fn about(mut self, user: UserId) -> Self {
        self.user_id = Some(user);
        self
    }

    /// Sets the room of the request.
    #[must_use]
    pub fn in_room(mut self, room: RoomAddress) -> Self {
        self.room = Some(room);
        self
    }
}

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, reconnect: $reconnect:literal;)*) => {
        /// Why the server closes a connection (RFC 6455, section 7.4; codes from 4000 on are our own).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CloseCode {
            $($(#[$doc])* $name,)*
        }

        impl CloseCode {
            /// All codes of this build.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The status code in the close frame.
            pub const fn code(self) -> u16 {
                match self { $(Self::$name => $code,)* }
            }

            /// Returns the code for a status code in a close frame, if it is known.
            pub const fn from_code(code: u16) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// Returns whether a client may reconnect automatically.
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
    /// The client ended its session, or the server echoes its close code.
    Normal = 1000, reconnect: false;
    /// The server shuts down or the page is closed: reconnect with jitter.
    GoingAway = 1001, reconnect: true;
    /// A violation of RFC 6455, a client bug.
    ProtocolError = 1002, reconnect: false;
    /// Text that is not UTF-8, a client bug.
    InvalidPayload = 1007, reconnect: false;
    /// A message over 64 KiB, a client bug.
    TooBig = 1009, reconnect: false;
    /// No `auth` within 10 seconds.
    AuthTimeout = 4001, reconnect: true;
    /// The session has ended: sign in again.
    SessionEnded = 4003, reconnect: false;
    /// The access token expired: refresh it and come back.
    TokenExpired = 4004, reconnect: true;
    /// Guests may not come in any more: sign in to an account.
    GuestsClosed = 4005, reconnect: false;
    /// Slow consumer: resume immediately, back off if it happens again within a minute.
    SlowConsumer = 4008, reconnect: true;
    /// Idle timeout: nothing received for 35 seconds.
    NoPong = 4009, reconnect: true;
    /// Too many connections: back off.
    TooManyConnections = 4013, reconnect: true;
    /// Kept sending after rate-limit errors: wait for `retry_after_ms`.
    RateLimited = 4029, reconnect: true;
    /// Banned from the server: stop.
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
