//! The server as its clients meet it: over real sockets, one file per behaviour.

mod harness;

mod bad_input;
mod delivery;
mod demo;
mod presence;
mod resume;
mod rooms;
mod typing;
