//! Reactions and the emoji picker.

pub mod chips;
pub mod emoji_data;
pub mod emoji_picker;
pub mod emoji_search;
pub mod reactors;
pub mod texts;

/// Styles of a button that is an emoji, for `styles::adopt`.
pub const EMOJI_STYLES: &str = include_str!("emoji.css");
