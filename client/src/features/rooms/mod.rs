//! The list of rooms, and the head of the open one.

mod conversations;
pub mod head;
pub mod list;
pub mod menu;
pub mod new_room;
mod raised;
pub mod texts;
