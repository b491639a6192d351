//! Search.

pub mod field;
pub mod panel;
pub mod problem;
pub mod results;
pub mod state;
pub mod texts;
