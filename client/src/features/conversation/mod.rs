//! The open room: its messages, where the reader is, and what is said about the connection.

pub mod announcer;
pub mod banner;
pub mod body;
pub mod day_line;
pub mod delete_question;
mod folded;
pub mod menu;
pub mod reading;
pub mod row;
pub mod row_keys;
pub mod scroll;
pub mod texts;
pub mod timeline;
pub mod tools;
pub mod typing_line;
pub mod view;
