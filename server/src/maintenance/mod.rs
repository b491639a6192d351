//! Maintenance commands on the stored logs: copies, exports, checks.

mod backup;
mod check;
mod export;
mod users;

pub use backup::{backup, restore};
pub use check::check;
pub use export::export;
pub use users::{UserTask, user};
