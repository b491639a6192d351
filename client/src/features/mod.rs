//! The parts of the page, one folder each. Which may name which is in ARCHITECTURE.md.

pub mod composer;
pub mod conversation;
pub mod leaving;
pub mod members;
pub mod message;
pub mod notices;
pub mod pins;
pub mod reactions;
pub mod rooms;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod threads;
pub mod versions;
