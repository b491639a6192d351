//! The protocols of different kinds of servers, so that all can be measured alike.

mod echo_json;
mod hiroba;
mod mqtt;
mod nats;
mod seed;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use shared::Epoch;
use shared::limits::Limits;

use crate::client::{Connection, Wire};
use crate::frame;
use crate::payload::{Hints, Key};

pub use hiroba::{Returning, come_back, search};

/// The protocol of a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Hiroba's protocol 1: acks, and one order per room, which is checked
    #[default]
    Hiroba,
    /// The original demo's frames: `auth`, `join_room`, `chat` → `message`
    Seed,
    /// `{"type":"join","room"}` and `{"type":"publish","room","data"}` → `{"type":"message","room","data"}` to all
    EchoJson,
    /// The text protocol of NATS in binary frames
    Nats,
    /// MQTT 3.1.1 in binary frames, quality of service 0
    Mqtt,
}

/// A message as received from the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Identifies the post; none if it is not one of ours.
    pub key: Option<Key>,
    /// Seq in the room, if the dialect has one.
    pub seq: Option<u64>,
}

/// What the server sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'a> {
    Delivery(Delivery),
    /// A post was stored.
    Ack {
        /// Number of the post.
        number: u64,
        /// Seq in the room.
        seq: u64,
    },
    /// A request was refused.
    Refusal(&'a [u8]),
    /// What a client that reconnected has missed: several messages and other events.
    Missed(&'a [u8]),
    /// Signed in.
    Welcome {
        /// Whether an earlier session was resumed.
        resumed: bool,
    },
    /// A question, and the answer to send.
    Question(&'static [u8]),
    /// Presence and the like.
    Other,
}

/// A message to post.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    pub room: &'a str,
    pub key: Key,
    /// The text with the key at its front, escaped for JSON.
    pub text: &'a [u8],
    /// Makes a retry idempotent.
    pub client_message_id: Option<uuid::Uuid>,
}

/// What is known after signing in and joining.
#[derive(Debug, Clone, Default)]
pub struct Seat {
    /// The room's last `seq` at the time of the join.
    pub head: u64,
    /// The log that `head` belongs to.
    pub epoch: Option<Epoch>,
    /// The secret for resuming the session.
    pub session: Option<String>,
    /// The rate limits, if the server announced any.
    pub limits: Option<Limits>,
}

impl Dialect {
    /// What the dialect requires of the WebSocket below it.
    pub fn wire(self) -> Wire {
        let (opcode, subprotocol, cut) = match self {
            Self::Hiroba | Self::Seed | Self::EchoJson => (frame::TEXT, None, None),
            Self::Nats => (frame::BINARY, None, Some(nats::cut as crate::client::Cut)),
            Self::Mqtt => (frame::BINARY, Some("mqtt"), Some(mqtt::cut as crate::client::Cut)),
        };
        Wire { opcode, subprotocol, cut }
    }

    /// Signs in as `name` and joins the room; everything said there afterwards is received.
    ///
    /// # Errors
    /// The server refused, or the connection broke.
    pub async fn enter(self, connection: &mut Connection, name: &str, room: &str) -> Result<Seat> {
        match self {
            Self::Hiroba => hiroba::enter(connection, name, room).await,
            Self::Seed => seed::enter(connection, name, room).await,
            Self::EchoJson => echo_json::enter(connection, room).await,
            Self::Nats => nats::enter(connection, name, room).await,
            Self::Mqtt => mqtt::enter(connection, name, room).await,
        }
    }

    /// Appends the request that posts a message.
    pub fn write_post(self, out: &mut Vec<u8>, post: &Post<'_>) {
        match self {
            Self::Hiroba | Self::Seed => hiroba::write_post(out, post, self == Self::Hiroba),
            Self::EchoJson => echo_json::write_post(out, post),
            Self::Nats => nats::write_post(out, post),
            Self::Mqtt => mqtt::write_post(out, post),
        }
    }

    /// Parses one message of the server.
    #[inline]
    pub fn read<'a>(self, message: &'a [u8], hints: &mut Hints) -> Heard<'a> {
        match self {
            Self::Hiroba => hiroba::read(message, hints),
            Self::Seed => seed::read(message, hints),
            Self::EchoJson => echo_json::read(message),
            Self::Nats => nats::read(message),
            Self::Mqtt => mqtt::read(message),
        }
    }

    /// Whether deliveries carry a seq.
    pub fn has_order(self) -> bool {
        self == Self::Hiroba
    }

    /// Whether a client that reconnects is sent the messages that it missed.
    pub fn has_history(self) -> bool {
        self == Self::Hiroba
    }

    /// Approximate bytes of a delivery besides the text, in a room of that name.
    pub fn overhead(self, room: &str) -> usize {
        room.len()
            + match self {
                Self::Hiroba => 233,
                Self::Seed => 160,
                Self::EchoJson => 40,
                Self::Nats => 16,
                Self::Mqtt => 8,
            }
    }
}
