//! Settings.

pub mod dialog;
pub mod language_choice;
pub mod plain_http;
pub mod texts;
pub mod theme;
pub mod theme_choice;
