//! One file a tool: whether it is there, how it gets there, and what to say when it cannot.

mod cache;
mod cargo_install;
mod debian;

pub mod cargo_fuzz;
pub mod chromium;
pub mod fonts;
pub mod node;
pub mod python;
pub mod trunk;
pub mod wasm_bindgen;
pub mod wasm_opt;
pub mod wasm_target;
