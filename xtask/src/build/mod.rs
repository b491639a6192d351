//! Builds of the server and of the web client.

pub mod server;
pub mod web;
