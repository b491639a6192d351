//! Kinds of rooms, what a room tells of itself, and what its members may do.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fields::object;
use crate::text::ShortText;

/// A fixed set of words on the wire. Words newer than this build are read as `$fallback`.
macro_rules! words {
    ($(#[$about:meta])* pub enum $name:ident else $fallback:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All words of this build.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word as sent on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Ok(Self::ALL.iter().copied().find(|word| word.as_str() == text).unwrap_or(Self::$fallback))
            }
        }
    };
}

pub(crate) use words;

words! {
    /// Who finds a room and comes in.
    #[derive(Default)]
    pub enum RoomKind else Private {
        /// Listed, addressed by its name, and open to everybody.
        #[default]
        Public = "public",
        /// Known to its members only, who were invited.
        Private = "private",
        /// A conversation of the people who began it, for ever these.
        Direct = "direct",
    }
}

words! {
    /// What somebody is in one room.
    #[derive(Default)]
    pub enum RoomRole else Member {
        #[default]
        Member = "member",
        /// Keeps order in the room.
        Moderator = "moderator",
    }
}

words! {
    /// Something that not every member of a room may do.
    pub enum Privilege else Unknown {
        /// Invite somebody.
        Invite = "invite",
        /// Remove somebody else.
        RemoveMember = "remove_member",
        /// Make somebody a moderator, or an ordinary member again.
        SetRoomRole = "set_room_role",
        /// Change what the room tells of itself.
        EditRoom = "edit_room",
        /// Delete what somebody else wrote.
        DeleteMessage = "delete_message",
        /// Ban and mute members, and lift that again.
        Restrict = "restrict",
        /// Make members wait between two messages.
        SlowMode = "slow_mode",
        /// Close the room for writing, or open it again.
        Archive = "archive",
        /// Keep the room when nobody is in it.
        KeepRoom = "keep_room",
        /// Make a link that lets people in.
        Link = "link",
        /// One newer than this build.
        Unknown = "unknown",
    }
}

object! {
    /// What a room tells of itself.
    #[derive(Default)]
    pub struct RoomDetails {
        /// What a private room is called; a public one has its name.
        pub title: Option<ShortText> = get,
        pub topic: Option<ShortText> = get,
        pub description: Option<ShortText> = get,
        /// How long a member waits between two messages, in seconds; 0: not at all.
        pub slow_seconds: u32 = or_default,
        /// Whether the room can only be read.
        pub archived: bool = or_default,
        /// Whether the room stays when nobody is in it.
        pub permanent: bool = or_default,
    }
}

/// New values for some of a room's details; `Some(None)` empties one.
#[allow(clippy::option_option, reason = "a field is missing, empty or filled")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DetailsChange {
    pub title: Option<Option<ShortText>>,
    pub topic: Option<Option<ShortText>>,
    pub description: Option<Option<ShortText>>,
    /// In seconds, at most [`crate::limits::SLOW_SECONDS`]; 0 ends it.
    pub slow_seconds: Option<u32>,
    pub archived: Option<bool>,
    pub permanent: Option<bool>,
}

impl DetailsChange {
    /// Returns the details after the change.
    #[must_use]
    pub fn apply(self, details: &RoomDetails) -> RoomDetails {
        let RoomDetails { title, topic, description, slow_seconds, archived, permanent } = details.clone();
        RoomDetails {
            title: self.title.unwrap_or(title),
            topic: self.topic.unwrap_or(topic),
            description: self.description.unwrap_or(description),
            slow_seconds: self.slow_seconds.unwrap_or(slow_seconds),
            archived: self.archived.unwrap_or(archived),
            permanent: self.permanent.unwrap_or(permanent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_kind_of_room_is_not_taken_for_a_public_one() {
        let read = |text: &str| serde_json::from_str::<RoomKind>(text).unwrap();
        assert_eq!(["\"public\"", "\"private\"", "\"sealed\""].map(read), {
            [RoomKind::Public, RoomKind::Private, RoomKind::Private]
        });
        assert_eq!(serde_json::from_str::<Privilege>("\"paint\"").unwrap(), Privilege::Unknown);
        assert_eq!(serde_json::from_str::<RoomRole>("\"king\"").unwrap(), RoomRole::Member);
    }

    #[test]
    fn details_change_one_by_one() {
        let [tea, cake] = ["Tea", "Cake"].map(|text| ShortText::new(text).ok());
        let before = RoomDetails { title: tea.clone(), topic: tea, ..RoomDetails::default() };
        let change =
            DetailsChange { topic: Some(None), description: Some(cake.clone()), ..DetailsChange::default() };
        let after = change.apply(&before);
        assert_eq!(after, RoomDetails { topic: None, description: cake, ..before });
    }
}
