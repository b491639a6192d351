//! The two halves of the product.

pub mod server;
pub mod web;
