//! A message wherever it is shown, and the actions on it.

pub mod action;
pub mod actions;
pub mod card;
pub mod copy;
pub mod listing;
pub mod quote;
pub mod text;
pub mod text_runs;
pub mod texts;
