//! Commands: what somebody writes after `/` instead of a message. A file for a few commands, one table of all. Only what
//! tells commands from messages is part of the first load.

pub mod answer;
mod around;
mod doing;
mod own;
mod parse;
mod people;
mod room;
pub mod session;
pub mod table;
mod talk;
mod texts;
mod written;

pub use written::Written;
