//! One file per tool: finds it, installs it, or explains how to get it.

mod cache;
mod cargo_install;
mod debian;

pub mod cargo_fuzz;
pub mod chromium;
pub mod engines;
pub mod esbuild;
pub mod fonts;
pub mod node;
mod npm;
pub mod peers;
pub mod python;
pub mod trunk;
pub mod wasm_bindgen;
pub mod wasm_opt;
pub mod wasm_split;
pub mod wasm_target;
