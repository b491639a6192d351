//! Identities and places in a room's log.

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
            /// Wraps an id made elsewhere; `shared` has no randomness of its own.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The id as a plain UUID.
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
    /// A person: a guest's session or an account. The demo calls it `client_id` and `sender_id`.
    UserId
}
uuid_newtype! {
    /// A message, named by the server.
    MessageId
}
uuid_newtype! {
    /// A message, named by its author before it is sent; unique per author as long as the message is kept.
    /// Time-ordered ids (UUID version 7, RFC 9562) keep the server's index local, others work as well.
    ClientMessageId
}

/// A place in a room's log: 1, 2, 3 … without holes. 0 is the place before the first event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The place before the first event.
    pub const ZERO: Self = Self(0);
    /// A place that no event has, however long a room lives.
    pub const BEYOND: Self = Self((1 << 53) - 1);

    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The place before this one.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Whether this is the place before the first event.
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

/// Which log a `seq` counts in: new when a room is created anew or its store was restored.
/// Positions of another epoch mean nothing. At most 53 bits, so that JavaScript reads it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(u64);

impl Epoch {
    /// Keeps the lowest 53 bits of `random`.
    pub const fn from_random(random: u64) -> Self {
        Self(random & ((1 << 53) - 1))
    }

    /// The number as it is stored.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// How far a client has followed a room's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The log that `seq` counts in.
    pub epoch: Epoch,
    /// The last event the client has.
    pub seq: Seq,
}

/// A client's name for one of its requests, given back in the answer: a number or a short text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum RequestId {
    /// A number.
    Number(u64),
    /// A text of at most [`REQUEST_ID_BYTES`] bytes.
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
