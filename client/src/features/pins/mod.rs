//! Pinned messages.

pub mod panel;
pub mod texts;
