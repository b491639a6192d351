//! Search.

pub mod field;
pub mod panel;
pub mod problem;
pub mod texts;
