//! What happened in a room, for ever, in the order of `seq`. The frames of live events, the events of a
//! snapshot and those of history are the same JSON.

use serde::{Deserialize, Serialize};

use crate::id::{ClientMessageId, MessageId, Seq, UserId};
use crate::text::{MessageText, RoomAddress, UserName};
use crate::time::Timestamp;

/// Somebody wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Where.
    pub room: RoomAddress,
    /// The author's name at that time.
    pub sender: UserName,
    /// The author.
    pub sender_id: UserId,
    /// The text.
    pub content: MessageText,
    /// When the server stored it.
    pub timestamp: Timestamp,
    /// The place in the room's log.
    pub seq: Seq,
    /// The server's name for the message.
    pub message_id: MessageId,
    /// The author's own name for the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<ClientMessageId>,
}

/// One entry of a room's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "KnownEvent", try_from = "serde_json::Value")]
pub enum RoomEvent {
    /// Somebody wrote a message.
    Posted(Posted),
    /// An event newer than this program: it keeps its place and changes nothing.
    Unknown {
        /// The place in the room's log.
        seq: Seq,
        /// The tag that this program does not know.
        kind: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum KnownEvent {
    #[serde(rename = "message")]
    Posted(Posted),
    #[serde(untagged)]
    Unknown {
        seq: Seq,
        #[serde(rename = "type")]
        kind: String,
    },
}

impl RoomEvent {
    /// The place in the room's log.
    pub fn seq(&self) -> Seq {
        match self {
            Self::Posted(posted) => posted.seq,
            Self::Unknown { seq, .. } => *seq,
        }
    }
}

impl From<RoomEvent> for KnownEvent {
    fn from(event: RoomEvent) -> Self {
        match event {
            RoomEvent::Posted(posted) => Self::Posted(posted),
            RoomEvent::Unknown { seq, kind } => Self::Unknown { seq, kind },
        }
    }
}

impl TryFrom<serde_json::Value> for RoomEvent {
    type Error = serde_json::Error;

    fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
        // A known tag with a wrong body is an error, not an unknown event.
        if value.get("type").and_then(serde_json::Value::as_str) == Some("message") {
            return serde_json::from_value(value).map(Self::Posted);
        }
        match serde_json::from_value(value)? {
            KnownEvent::Posted(posted) => Ok(Self::Posted(posted)),
            KnownEvent::Unknown { seq, kind } => Ok(Self::Unknown { seq, kind }),
        }
    }
}
