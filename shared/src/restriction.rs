//! What somebody may not do in a room for a while.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::Person;
use crate::fields::object;
use crate::id::UserId;
use crate::room::words;
use crate::text::{ShortText, UserName};
use crate::time::Timestamp;

words! {
    /// What is not allowed.
    pub enum RestrictionKind else Unknown {
        /// To be in the room.
        Ban = "ban",
        /// To write in it.
        Mute = "mute",
        /// One newer than this build.
        Unknown = "unknown",
    }
}

object! {
    /// Somebody who may not do something in a room.
    pub struct Restriction {
        pub user_id: UserId = need,
        /// The user's name at that time.
        pub user: UserName = need,
        pub kind: RestrictionKind = need,
        /// When it ends by itself; `None`: when somebody lifts it.
        pub until: Option<Timestamp> = get,
        pub by: Person = need,
        pub reason: Option<ShortText> = get,
        /// When it began.
        pub timestamp: Timestamp = need,
    }
}

object! {
    /// A user's own mute in a room.
    pub struct Muted {
        /// How much longer, in milliseconds from now; `None`: until somebody lifts it.
        pub left_ms: Option<u64> = get,
        pub reason: Option<ShortText> = get,
    }
}
