//! The members of the open room.

pub mod panel;
pub mod texts;
