//! Signing in.

pub mod page;
pub mod texts;
