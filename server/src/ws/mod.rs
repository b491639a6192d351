//! The WebSocket edge: from an HTTP upgrade to commands, and back to bytes (RFC 6455). We own the connection below the
//! upgrade, so that one encoding serves every recipient and an idle connection keeps no buffers.

mod admission;
mod codec;
mod connection;
mod deadline_stream;
mod handshake;
mod socket;
mod transport;

pub use admission::{Admission, Permit, SPARE, Slot, Spare};
pub use deadline_stream::DeadlineStream;
pub use handshake::{check_upgrade, is_upgrade, upgrade};
pub use transport::Transport;
