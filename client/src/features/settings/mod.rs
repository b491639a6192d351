//! Settings.

pub mod choices;
pub mod dialog;
pub mod language_choice;
pub mod parting;
pub mod plain_http;
pub mod texts;
