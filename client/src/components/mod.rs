//! The parts of the page. They show what the store knows and pass on what the person wants.

pub mod announcer;
pub mod avatar;
pub mod banner;
mod choice;
mod composer;
mod composer_notes;
pub mod conversation;
pub mod icons;
pub mod keys;
pub mod language_choice;
pub mod layers;
pub mod members;
mod message;
pub mod moment;
mod new_room;
pub mod notices;
mod presence;
mod reading;
pub mod rooms;
mod scroll;
pub mod settings;
pub mod theme;
mod timeline;
mod typing_line;
