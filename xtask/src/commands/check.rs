//! `cargo xtask check`: static checks and unit tests.

use anyhow::Result;

use crate::checks;
use crate::process::{cargo, run as run_to_end, step};
use crate::tools;

/// Runs every check, the quickest first.
pub fn run() -> Result<()> {
    without_tests()?;
    step("Unit tests");
    run_to_end(cargo().args(["test", "--workspace", "--lib", "--bins"]))
}

/// Runs all checks except tests.
pub fn without_tests() -> Result<()> {
    step("File sizes");
    checks::file_sizes::run()?;
    step("Directions of the layers");
    checks::layers::run()?;
    step("Format");
    run_to_end(cargo().args(["fmt", "--all", "--check"]))?;
    step("Clippy, native");
    run_to_end(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    step("Clippy, wasm");
    tools::wasm_target::ensure()?;
    let target = ["--target", tools::wasm_target::TRIPLE];
    run_to_end(cargo().args(["clippy", "--package", "client"]).args(target).args(["--", "-D", "warnings"]))
}
