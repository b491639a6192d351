//! Puts load on a running Hiroba or a comparable server, and checks that nothing is lost, duplicated or out of order.
//!
//! The receiving side is cheap enough not to dominate the measurement: its own WebSocket client, which finds the few
//! fields that it needs by byte search, on one thread.

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
