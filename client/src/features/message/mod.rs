//! A message wherever it is shown, and the actions on it.

pub mod action;
pub mod actions;
pub mod card;
pub mod copy;
pub mod following;
pub mod listing;
pub mod listing_state;
pub mod listing_view;
pub mod quote;
pub mod text;
pub mod text_runs;
pub mod texts;
