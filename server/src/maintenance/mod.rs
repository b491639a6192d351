//! Maintenance commands on the stored logs: copies, exports, checks.

mod accounts;
mod backup;
mod check;
mod export;
mod invite;
mod token;
mod users;

pub use backup::{backup, restore};
pub use check::check;
pub use export::export;
pub use invite::{InviteTask, invite};
pub use token::token;
pub use users::{UserTask, user};
