//! Wrappers for browser APIs that are used in more than one place.

pub mod choice;
pub mod clipboard;
pub mod dates;
pub mod events;
pub mod fetch;
pub mod later;
mod lease;
pub mod location;
pub mod lock;
pub mod screen;
pub mod storage;
pub mod styles;
pub mod zones;
