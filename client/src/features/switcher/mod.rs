//! The quick switcher: type a part of a name to get to a room or a person.

mod candidates;
pub mod dialog;
mod list;
pub mod recent;
mod texts;
