//! A message wherever it is shown, and the actions on it.

pub mod action;
pub mod actions;
pub mod card;
mod code_block;
pub mod copy;
pub mod following;
pub mod formatted;
mod highlight;
pub mod listing;
pub mod listing_state;
pub mod listing_view;
pub mod names;
pub mod quote;
mod room_link;
mod spoiler;
mod text_runs;
mod texts;
