//! Pinned messages.

pub mod panel;
