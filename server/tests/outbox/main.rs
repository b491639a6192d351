//! Model-based tests of the outbox with all of its users: no frame is lost, cut or reordered, and somebody is always
//! responsible for writing what is queued.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod schedules;
mod sequences;
mod socket;
mod threads;
mod world;
