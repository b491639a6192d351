//! Writing and editing.

pub mod edit_box;
pub mod mention_list;
pub mod notes;
pub mod reply_bar;
pub mod texts;
pub mod view;
