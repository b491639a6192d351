//! What an account prefers, on all its devices.

use crate::body::Body;
use crate::event::Person;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::limits::FAVOURITES;
use crate::text::RoomAddress;

object! {
    /// What an account prefers.
    #[derive(Default)]
    pub struct Preferences {
        /// Favourite rooms, in the order of the owner.
        pub favourites: Vec<RoomAddress> = need,
        /// Rooms of which only mentions are news.
        pub muted: Vec<RoomAddress> = need,
        /// Accounts whose messages are not wanted.
        pub blocked: Vec<Person> = need,
    }
}

/// The body of a request to replace one's favourites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Favourites {
    /// In their order, each once.
    pub rooms: Vec<RoomAddress>,
}

impl Favourites {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = |message: String| Failure::new(ErrorCode::InvalidField, message).in_field("rooms");
        let mut rooms: Vec<RoomAddress> = Vec::new();
        for raw in Body::of(text)?.need::<Vec<String>>("rooms")? {
            let room = RoomAddress::new(&raw).map_err(|error| wrong(format!("\"rooms\": one {error}")))?;
            if rooms.contains(&room) {
                continue;
            }
            if rooms.len() == FAVOURITES {
                return Err(wrong(format!("there are at most {FAVOURITES} favourites")));
            }
            rooms.push(room);
        }
        Ok(Self { rooms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn favourites_are_each_there_once_and_bounded() {
        let rooms = Favourites::parse(r#"{"rooms":["tea","~5b0c","ｔｅａ"]}"#).unwrap().rooms;
        assert_eq!(rooms.iter().map(RoomAddress::as_str).collect::<Vec<_>>(), ["tea", "~5b0c"]);
        let many: Vec<String> = (0..=FAVOURITES).map(|number| format!("room {number}")).collect();
        let many = serde_json::json!({ "rooms": many }).to_string();
        for body in [&many, r#"{"rooms":[""]}"#, r#"{"rooms":"tea"}"#] {
            let failure = Favourites::parse(body).unwrap_err();
            assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::InvalidField, Some("rooms")));
        }
        assert_eq!(Favourites::parse("{}").unwrap_err().code, ErrorCode::MissingField);
    }
}
