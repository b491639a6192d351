//! Direct conversations: what is told of the other one.

pub mod about;
