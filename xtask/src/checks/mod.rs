//! Rules that the compiler does not check.

pub mod file_sizes;
pub mod layers;
