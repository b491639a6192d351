//! The path of a frame to one connection: encoded once, queued within bounds, written as the socket accepts it. The hub
//! uses it for fan-out, the edge for answers.

pub mod encode;
mod handle;
pub mod outbox;
mod socket;

pub use handle::ConnectionHandle;
pub use outbox::{Outbox, Priority};
pub use socket::{Socket, TryWrite};
