//! Builds of the server and of the web client.

pub mod pieces;
pub mod server;
pub mod web;
