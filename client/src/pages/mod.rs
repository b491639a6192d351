//! The two pages: sign-in and chat.

pub mod chat;
pub mod name;
