//! Rules that no compiler knows.

pub mod file_sizes;
pub mod layers;
