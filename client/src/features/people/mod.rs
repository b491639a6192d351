//! People: what they tell of themselves.

pub mod card;
mod person;
mod texts;
