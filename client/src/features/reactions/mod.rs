//! Reactions and the emoji picker.

pub mod chips;
pub mod emoji_data;
pub mod emoji_picker;
pub mod emoji_search;
pub mod reactors;
pub mod texts;
