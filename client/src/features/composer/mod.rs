//! Writing and editing.

pub mod aid;
mod assistant;
mod completion;
pub mod edit_box;
mod formatting;
mod notes;
mod preview;
pub mod reply_bar;
mod texts;
pub mod view;
