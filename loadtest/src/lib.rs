//! Puts load on a running Hiroba, or on a server like it, and checks that nothing is lost, doubled or out of order.
//!
//! The receiving side is cheap enough not to be what is measured: an own WebSocket client that finds the few
//! fields it needs by byte search, on one thread.

pub mod client;
pub mod compare;
pub mod cores;
pub mod corpus;
pub mod descriptors;
pub mod dialect;
pub mod endpoint;
pub mod frame;
pub mod ledger;
pub mod measure;
pub mod pace;
pub mod payload;
pub mod plot;
pub mod process;
pub mod progress;
pub mod report;
pub mod scenario;
pub mod stage;
