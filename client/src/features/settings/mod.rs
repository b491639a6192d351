//! Settings.

pub mod choices;
pub mod dialog;
pub mod language_choice;
pub mod plain_http;
pub mod texts;
