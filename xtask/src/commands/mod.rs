//! One file per sub-command.

pub mod chaos;
pub mod check;
pub mod dev;
pub mod dist;
pub mod fuzz;
pub mod run;
pub mod test;
