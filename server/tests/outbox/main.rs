//! The queue in front of a socket, against a model of everybody who touches it: no frame is lost, cut or moved, and
//! whatever waits, somebody is going to write it.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod schedules;
mod sequences;
mod socket;
mod threads;
mod world;
