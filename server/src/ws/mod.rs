//! The WebSocket edge: from an HTTP upgrade to commands, and back to bytes (RFC 6455). We own the connection below
//! the upgrade, so that one encoding serves every recipient and an idle connection keeps no buffers.

mod admission;
mod codec;
mod connection;
mod dispatch;
mod handshake;
mod line;
mod transport;

pub use admission::{Admission, Permit, Place, SPARE, Spare};
pub use handshake::{check_upgrade, is_upgrade, upgrade};
pub use line::Line;
