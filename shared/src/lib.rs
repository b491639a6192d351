//! The wire protocol of Hiroba and the rules that server and client share.
//!
//! Nothing here does I/O, reads a clock or draws random numbers: time and ids are passed in,
//! so that every function gives the same answer on the server, in the browser and in a test.

pub mod command;
pub mod event;
pub mod failure;
pub mod frame;
pub mod id;
pub mod limits;
pub mod reduce;
pub mod text;
pub mod time;
mod unicode;

pub use command::{Auth, Command, Request, ResumeRoom};
pub use event::{Posted, RoomEvent};
pub use failure::{CloseCode, ErrorCode, Failure};
pub use frame::{Joined, Member, PresenceStatus, RoomSummary, ServerFrame, Welcome};
pub use id::{ClientMessageId, Epoch, MessageId, Position, RequestId, Seq, UserId};
pub use reduce::RoomLog;
pub use text::{MessageText, RoomAddress, RoomName, UserName};
pub use time::Timestamp;
