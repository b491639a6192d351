//! Rooms with doors: creating private rooms, who is in them, and what rooms tell of themselves.

mod creation;
mod details;
pub mod dialogs;
mod edit;
mod invitation;
mod line;
pub mod member;
mod name_field;
mod problem;
mod removal;
mod texts;
