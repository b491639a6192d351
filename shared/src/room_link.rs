//! Links that let people into a room, over HTTP. Their secrets stand in the fragment of an address (`/#join=…`).

use uuid::Uuid;

use crate::account::LinkSecret;
use crate::body::Body;
use crate::event::Person;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::limits::{ROOM_LINK_SECONDS, ROOM_LINK_USES};
use crate::room::RoomKind;
use crate::text::RoomAddress;
use crate::time::Timestamp;

/// How often a link can be used, if the request does not say.
const USES: u32 = 100;
/// How long it can be used then, in seconds.
const A_WEEK: u32 = 7 * 24 * 3_600;

/// The body of a request for a link into a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRoomLink {
    /// One of [`ROOM_LINK_SECONDS`].
    pub expires_in: u32,
    /// How many may use it.
    pub uses: u32,
}

impl NewRoomLink {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        let wrong = |field: &'static str, message: String| {
            Failure::new(ErrorCode::InvalidField, message).in_field(field)
        };
        let expires_in = body.get("expires_in")?.unwrap_or(A_WEEK);
        if !ROOM_LINK_SECONDS.contains(&expires_in) {
            return Err(wrong("expires_in", format!("\"expires_in\" must be one of {ROOM_LINK_SECONDS:?}")));
        }
        let uses = body.get("uses")?.unwrap_or(USES);
        if !(1..=ROOM_LINK_USES).contains(&uses) {
            return Err(wrong("uses", format!("\"uses\" must be 1 to {ROOM_LINK_USES}")));
        }
        Ok(Self { expires_in, uses })
    }
}

/// The body of a request that uses a link, or asks where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomLinkUse {
    pub link: LinkSecret,
}

impl RoomLinkUse {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { link: LinkSecret::needed(&Body::of(text)?)? })
    }
}

object! {
    /// The links into a room that can be used.
    pub struct RoomLinks {
        /// The newest first.
        pub links: Vec<RoomLink> = need,
    }
}

object! {
    /// A link into a room.
    pub struct RoomLink {
        pub id: Uuid = need,
        pub made_by: Person = need,
        pub made_at: Timestamp = need,
        pub expires_at: Timestamp = need,
        /// How many may still use it.
        pub uses_left: u32 = need,
    }
}

object! {
    /// Where a link leads, for somebody who is not in the room.
    pub struct RoomLinkPreview {
        /// What the room is called.
        pub title: String = need,
        pub kind: RoomKind = need,
        pub member_count: u64 = need,
    }
}

object! {
    /// The room that a link let somebody into.
    pub struct RoomLinkUsed {
        pub room: RoomAddress = need,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_an_end_and_a_number_of_uses() {
        let link = |text| NewRoomLink::parse(text).map(|new| (new.expires_in, new.uses));
        assert_eq!(link("{}").unwrap(), (A_WEEK, 100));
        assert_eq!(link(r#"{"expires_in":3600,"uses":1000}"#).unwrap(), (3_600, 1_000));
        for (text, field) in [
            (r#"{"expires_in":3601}"#, "expires_in"),
            (r#"{"expires_in":0}"#, "expires_in"),
            (r#"{"uses":0}"#, "uses"),
            (r#"{"uses":1001}"#, "uses"),
        ] {
            assert_eq!(link(text).unwrap_err().field.as_deref(), Some(field), "{text}");
        }
        let used = RoomLinkUse::parse(r#"{"link":"short"}"#).unwrap_err();
        assert_eq!((used.code, used.field.as_deref()), (ErrorCode::LinkEnded, Some("link")));
    }
}
