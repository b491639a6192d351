//! Reports of messages: making one, and settling those of a room.

pub mod action;
mod api;
mod entry;
mod list;
mod reporting;
pub mod texts;

use crate::browser::styles;

pub use list::ReportList;
pub use reporting::Reporting;

fn adopt_styles() {
    super::adopt_styles();
    styles::adopt(include_str!("styles.css"));
}
