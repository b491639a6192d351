//! The edit history of a message.

pub mod dialog;
pub mod texts;
