//! Leaving a room, and signing out.

pub mod question;
pub mod texts;
