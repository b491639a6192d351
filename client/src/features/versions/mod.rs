//! The edit history of a message.

pub mod dialog;
pub mod history;
pub mod state;
pub mod texts;
