//! What servers of different kinds are told and how they answer, so that all can be measured alike.

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

/// The language a server is spoken to in.
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

/// A message as it came out of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Which post it is; none for somebody else's.
    pub key: Option<Key>,
    /// Its place in the room, where the dialect tells one.
    pub seq: Option<u64>,
}

/// What a server said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'a> {
    /// A message.
    Delivery(Delivery),
    /// A post is stored.
    Ack {
        /// Its number.
        number: u64,
        /// Its place in the room.
        seq: u64,
    },
    /// A request was refused.
    Refusal(&'a [u8]),
    /// Several messages and what else a client that came back missed.
    Missed(&'a [u8]),
    /// Signed in.
    Welcome {
        /// As somebody who was there before.
        resumed: bool,
    },
    /// A question, and the answer that is due.
    Question(&'static [u8]),
    /// Presence and the like.
    Other,
}

/// A message to be posted.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// Where.
    pub room: &'a str,
    /// Which one it is.
    pub key: Key,
    /// The text, with the key at its front; escaped for JSON.
    pub text: &'a [u8],
    /// The id that makes a repetition harmless.
    pub client_message_id: Option<uuid::Uuid>,
}

/// What one needs to know who has signed in and joined.
#[derive(Debug, Clone, Default)]
pub struct Seat {
    /// The room's last `seq` when joining.
    pub head: u64,
    /// The log that `head` counts in.
    pub epoch: Option<Epoch>,
    /// The secret to come back with.
    pub session: Option<String>,
    /// The rates that hold, if the server told any.
    pub limits: Option<Limits>,
}

impl Dialect {
    /// What it asks of the WebSocket below it.
    pub fn wire(self) -> Wire {
        let (opcode, subprotocol, cut) = match self {
            Self::Hiroba | Self::Seed | Self::EchoJson => (frame::TEXT, None, None),
            Self::Nats => (frame::BINARY, None, Some(nats::cut as crate::client::Cut)),
            Self::Mqtt => (frame::BINARY, Some("mqtt"), Some(mqtt::cut as crate::client::Cut)),
        };
        Wire { opcode, subprotocol, cut }
    }

    /// Signs in by that name and joins the room; everything said there afterwards will be heard.
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

    /// Appends what posts a message.
    pub fn write_post(self, out: &mut Vec<u8>, post: &Post<'_>) {
        match self {
            Self::Hiroba | Self::Seed => hiroba::write_post(out, post, self == Self::Hiroba),
            Self::EchoJson => echo_json::write_post(out, post),
            Self::Nats => nats::write_post(out, post),
            Self::Mqtt => mqtt::write_post(out, post),
        }
    }

    /// Understands one message of the server.
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

    /// Whether it tells the place of each message in its room.
    pub fn has_order(self) -> bool {
        self == Self::Hiroba
    }

    /// Whether whoever comes back is told what was said meanwhile.
    pub fn has_history(self) -> bool {
        self == Self::Hiroba
    }

    /// Bytes of a delivery beside the text, roughly, in a room of that name.
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
