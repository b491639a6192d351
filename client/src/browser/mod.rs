//! The few things of the browser that more than one place needs.

pub mod clipboard;
pub mod dates;
pub mod fetch;
pub mod later;
pub mod location;
pub mod screen;
pub mod storage;
