//! Short notices to the user.

pub mod list;
pub mod texts;
