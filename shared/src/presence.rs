//! Whether users are there.

use serde::Serialize;

/// The presence of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceStatus {
    /// At least one active connection.
    Online,
    /// At least one connection, but none active (5 minutes idle or hidden).
    Away,
    Offline,
    /// A status newer than this build.
    Unknown,
}

impl<'de> serde::Deserialize<'de> for PresenceStatus {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "online" => Self::Online,
            "away" => Self::Away,
            "offline" => Self::Offline,
            _ => Self::Unknown,
        })
    }
}
