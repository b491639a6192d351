//! Identifiers and positions in a room's log.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::limits::REQUEST_ID_BYTES;

macro_rules! uuid_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that was generated elsewhere; `shared` has no source of randomness.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// Returns the plain UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_newtype! {
    /// A user: a guest's session or an account. The demo protocol calls it `client_id` and `sender_id`.
    UserId
}
uuid_newtype! {
    /// A session in which a user is signed in. No secret: it cannot be used to come back.
    SessionId
}
uuid_newtype! {
    /// A message id assigned by the server.
    MessageId
}
uuid_newtype! {
    /// A message id assigned by the author before sending; unique per author as long as the message is kept.
    /// Time-ordered ids (UUID version 7, RFC 9562) keep inserts into the server's index local, others work as well.
    ClientMessageId
}

/// A position in a room's log: 1, 2, 3 … without gaps. 0 is the position before the first event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The position before the first event.
    pub const ZERO: Self = Self(0);
    /// A position that no event reaches, however long a room lives.
    pub const BEYOND: Self = Self((1 << 53) - 1);

    /// The position after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The position before this one.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Returns whether this is the position before the first event.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    pub const fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Identifies the log that a `seq` counts in. A new epoch begins when a room is created again or its store is restored;
/// positions of another epoch are meaningless. At most 53 bits, so that JavaScript represents it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(u64);

impl Epoch {
    /// Keeps the lowest 53 bits of `random`.
    pub const fn from_random(random: u64) -> Self {
        Self(random & ((1 << 53) - 1))
    }

    /// The number as stored.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The position up to which a client has followed a room's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub epoch: Epoch,
    /// The last event that the client has.
    pub seq: Seq,
}

/// A client's id for one of its requests, echoed in the answer: a number or a short string.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum RequestId {
    Number(u64),
    /// At most [`REQUEST_ID_BYTES`] bytes.
    Text(Box<str>),
}

impl<'de> Deserialize<'de> for RequestId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = RequestId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a request id: a whole number or a text of at most {REQUEST_ID_BYTES} bytes")
            }

            fn visit_u64<E>(self, number: u64) -> Result<RequestId, E> {
                Ok(RequestId::Number(number))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RequestId, E> {
                if text.len() > REQUEST_ID_BYTES {
                    return Err(E::invalid_length(text.len(), &self));
                }
                Ok(RequestId::Text(text.into()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
