//! Rooms with doors: creating private rooms, who is in them, and what rooms tell of themselves.

pub mod block;
pub mod blocked;
mod creation;
mod details;
pub mod dialogs;
mod edit;
mod invitation;
pub mod joining;
mod line;
pub mod member;
mod name_field;
mod new_message;
mod people_field;
mod problem;
mod removal;
pub mod reports;
mod restriction;
mod restrictions;
mod room_links;
mod texts;
mod usage;

use crate::browser::styles;

/// Adds the styles of the forms.
fn adopt_styles() {
    styles::adopt(include_str!("styles.css"));
}
