//! What is read of rooms page by page: history, lists of messages, versions and reactions, search results.

use crate::emoji::Emoji;
use crate::event::RoomEvent;
use crate::fields::object;
use crate::id::{Epoch, RequestId, Seq, UserId};
use crate::text::{MessageText, RoomAddress, UserName};
use crate::time::Timestamp;

object! {
    /// A search hit: a message and the epoch of its room's log.
    pub struct Hit {
        /// The log that the message's `seq` counts in.
        pub epoch: Epoch = need,
        /// The message in its current state.
        pub message: RoomEvent = need,
    }
}

object! {
    /// A version of a message's text.
    pub struct Version {
        /// The position of the event that set this text.
        pub seq: Seq = added,
        pub content: MessageText = need,
        /// When this text was set.
        pub timestamp: Timestamp = need,
    }
}

object! {
    /// A page of the versions of a message's text, oldest first.
    pub struct Versions {
        pub room: RoomAddress = need,
        pub target: Seq = need,
        /// Versions in order of `seq`; without `after` and `before` the page starts with the original text.
        pub versions: Vec<Version> = need,
        /// Whether there are more in the requested direction.
        pub more: bool = or_default,
        /// The `id` of the request.
        pub id: Option<RequestId> = get,
    }
}

object! {
    /// A user who reacted, with the position of the reaction.
    pub struct ReactorAt {
        /// The position of the reaction.
        pub seq: Seq = need,
        pub user_id: UserId = need,
        /// The user's name when they reacted.
        pub user: UserName = need,
    }
}

object! {
    /// A page of the users who reacted to a message with one emoji.
    pub struct Reactors {
        pub room: RoomAddress = need,
        pub target: Seq = need,
        pub emoji: Emoji = need,
        /// Users in order of reacting.
        pub users: Vec<ReactorAt> = need,
        /// Whether there are more after the last one.
        pub more: bool = or_default,
        /// The `id` of the request.
        pub id: Option<RequestId> = get,
    }
}

object! {
    /// A page of history: every message after `start` and up to `end`, in its current state.
    pub struct History {
        pub room: RoomAddress = need,
        pub epoch: Epoch = need,
        /// The position before the first message; 0 if there are no earlier messages.
        pub start: Seq = added,
        /// The last position that the page covers.
        pub end: Seq = added,
        /// Messages in order of `seq`.
        pub events: Vec<RoomEvent> = need,
        /// Whether there are more in the requested direction; with `around`, whether there are newer ones.
        pub more: bool = need,
        /// The `id` of the request.
        pub id: Option<RequestId> = get,
    }
}

impl History {
    /// Returns the page for a [`crate::RoomLog`].
    pub fn page(&self) -> crate::Page<'_> {
        crate::Page { start: self.start, end: self.end, events: &self.events }
    }
}

object! {
    /// Single messages: the requested ones, the pinned ones, or the replies to one.
    pub struct Messages {
        pub room: RoomAddress = need,
        pub epoch: Epoch = need,
        /// The messages in their current state, in order of `seq`.
        pub events: Vec<RoomEvent> = need,
        /// Whether there are more after the last one; with `before`, before the first one.
        pub more: bool = or_default,
        /// The `id` of the request.
        pub id: Option<RequestId> = get,
    }
}

object! {
    /// A page of search results, newest first.
    #[derive(Default)]
    pub struct SearchResults {
        pub hits: Vec<Hit> = need,
        /// The cursor of the next page; `None` if there is none.
        pub cursor: Option<u64> = get,
        /// Whether hits may be missing because the server's index is incomplete.
        pub incomplete: bool = or_default,
        /// The `id` of the request.
        pub id: Option<RequestId> = get,
    }
}
