//! The wire protocol of Hiroba and the rules that server and client share.
//!
//! No I/O, no clock and no randomness: time and ids are passed in, so every function returns the same result on the
//! server, in the browser and in tests.

pub mod account;
pub mod all_rooms;
mod body;
pub mod command;
#[cfg(test)]
mod cpu_time;
pub mod emoji;
pub mod event;
pub mod failure;
mod fields;
pub mod frame;
pub mod id;
pub mod limits;
pub mod link;
pub mod markdown;
pub mod mention;
mod pages;
mod password;
mod path;
pub mod presence;
pub mod reduce;
pub mod report;
pub mod restriction;
pub mod room;
pub mod room_link;
#[cfg(feature = "openapi")]
mod schema;
pub mod search;
pub mod sort;
pub mod text;
pub mod time;
mod unicode;
pub mod unread;

pub use command::{Action, Auth, ChangeMessage, Command, NewRoom, Request, ResumeRoom, Whom};
pub use emoji::Emoji;
pub use event::{Change, Changed, Mentions, Person, Posted, Reaction, RoomEvent};
pub use failure::{CloseCode, ErrorCode, Failure};
pub use frame::{Events, Joined, Member, RoomSummary, ServerFrame, UnreadCount, Welcome};
pub use id::{ClientMessageId, Epoch, MessageId, Position, RequestId, Seq, SessionId, UserId};
pub use pages::{History, Hit, Messages, ReactorAt, Reactors, SearchResults, Version, Versions};
pub use password::{Password, PasswordError};
pub use presence::PresenceStatus;
pub use reduce::{Page, RoomLog};
pub use restriction::{Muted, Restriction, RestrictionKind};
pub use room::{DetailsChange, Privilege, RoomDetails, RoomKind, RoomRole};
pub use text::{MessageText, RoomAddress, RoomName, ShortText, UserName};
pub use time::Timestamp;
pub use unicode::{loosely, lowercase};
pub use unread::Unread;
