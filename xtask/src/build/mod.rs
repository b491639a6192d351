//! Builds of the server and of the web client.

mod order;
pub mod pieces;
pub mod server;
mod unreachable;
pub mod web;
