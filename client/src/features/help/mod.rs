//! Help about the keyboard.

pub mod dialog;
mod texts;
