//! All public rooms as administrators see them.

use crate::body::Body;
use crate::failure::Failure;
use crate::fields::object;
use crate::text::{RoomName, ShortText};
use crate::time::Timestamp;

object! {
    /// A public room in the list of all.
    pub struct ListedRoom {
        pub room: RoomName = need,
        pub topic: Option<ShortText> = get,
        /// Number of members, online or not.
        pub members: u64 = need,
        /// The last position of its log: how much has happened in it.
        pub seq: u64 = need,
        pub created_at: Timestamp = need,
        /// It can only be read.
        pub archived: bool = need,
        /// It stays when nobody is in it.
        pub permanent: bool = need,
    }
}

object! {
    /// A page of public rooms, by name, and how many others there are.
    pub struct ListedRooms {
        pub rooms: Vec<ListedRoom> = need,
        /// Whether there are more.
        pub more: bool = need,
        pub private_rooms: u64 = need,
        pub conversations: u64 = need,
    }
}

/// The body of a change of how a public room is used. What is missing stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoomUsage {
    pub archived: Option<bool>,
    pub permanent: Option<bool>,
}

impl RoomUsage {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        Ok(Self { archived: body.get("archived")?, permanent: body.get("permanent")? })
    }
}
