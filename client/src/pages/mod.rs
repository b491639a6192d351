//! The two pages: giving a name, and the square itself.

pub mod chat;
pub mod name;
