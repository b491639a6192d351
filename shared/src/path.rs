//! The URL path of a room.

use std::fmt::Write;

use crate::text::RoomAddress;

impl RoomAddress {
    /// Returns the path of the page that shows the room. Bytes of the name other than ASCII letters and digits, `-` and
    /// inner `_` are percent-encoded: they could have a meaning in the URL, or end the link in the text it is pasted into.
    pub fn path(&self) -> String {
        let mut path = "/r/".to_owned();
        let name = self.as_str();
        for (at, &byte) in name.as_bytes().iter().enumerate() {
            // `_` at the end of a link would be taken for emphasis.
            let is_plain =
                byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' && at + 1 < name.len();
            if is_plain {
                path.push(byte.into());
            } else {
                // Writing to a `String` cannot fail.
                let _ = write!(path, "%{byte:02X}");
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::link::links;
    use crate::text::RoomName;

    #[test]
    fn a_path_is_as_people_know_it() {
        let path = |name: &str| RoomAddress::from(RoomName::new(name).unwrap()).path();
        assert_eq!(path("general"), "/r/general");
        assert_eq!(path("a)b"), "/r/a%29b");
        assert_eq!(path("v1.2 *!*'x'~"), "/r/v1%2E2%20%2A%21%2A%27x%27%7E");
        assert_eq!(path("雑談"), "/r/%E9%9B%91%E8%AB%87");
    }

    proptest! {
        #[test]
        fn the_link_of_a_room_is_one_link_wherever_it_is_pasted(
            raw in ".{1,12}", before in "[ (「（\"]?", after in "[ )」）.,!。\"]{0,2}",
        ) {
            let Ok(name) = RoomName::new(&raw) else { return Ok(()) };
            let url = format!("https://chat.example{}", RoomAddress::from(name.clone()).path());
            let text = format!("{before}{url}{after}");
            let found: Vec<String> = links(&text).map(|link| link.target()).collect();
            prop_assert_eq!(found, std::slice::from_ref(&url));
            let parsed = url::Url::parse(&url).unwrap();
            let segments: Vec<&str> = parsed.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 2, "the path leads nowhere else");
            prop_assert!(url.ends_with(segments[1]));
        }
    }
}
