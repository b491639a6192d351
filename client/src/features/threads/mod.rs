//! The replies to a message.

pub mod panel;
pub mod texts;
