//! The web client, built by trunk and split into pieces.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::pieces;
use crate::fingerprint;
use crate::process::{run, step};
use crate::tools;
use crate::workspace;

/// Inputs of the web client's build.
const INPUTS: [&str; 9] = [
    "client",
    "xtask/src/build",
    "shared",
    "public",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
];

/// Returns the folder with the optimised web client; rebuilds it only if its inputs or results have changed.
pub fn ensure() -> Result<PathBuf> {
    let (dist, stamp) = (dist()?, stamp()?);
    if is_current()? {
        return Ok(dist);
    }
    build(&dist)?;
    fs::write(&stamp, current(&dist)?).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(dist)
}

/// How many steps [`ensure`] has to take.
pub fn steps() -> Result<usize> {
    if is_current()? {
        return Ok(0);
    }
    let tools = [
        tools::wasm_target::is_missing()?,
        tools::wasm_bindgen::is_missing()?,
        tools::trunk::is_missing()?,
        tools::wasm_split::is_missing()?,
        tools::wasm_opt::is_missing()?,
        tools::esbuild::is_missing()?,
    ];
    Ok(1 + tools.into_iter().filter(|missing| *missing).count())
}

fn dist() -> Result<PathBuf> {
    // Apart from `dist`, where a plain `trunk serve` puts its unoptimised build.
    Ok(workspace::target()?.join("web"))
}

fn stamp() -> Result<PathBuf> {
    Ok(workspace::own_folder()?.join("web.stamp"))
}

fn is_current() -> Result<bool> {
    let (old, dist) = (fs::read_to_string(stamp()?), dist()?);
    Ok(old.is_ok_and(|old| current(&dist).is_ok_and(|now| old == now)))
}

/// Marks the places to split at, and keeps what the splitter needs to know of the program. Added to the flags of
/// `.cargo/config.toml`; `RUSTFLAGS` would replace both.
const FLAGS: (&str, &str) =
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "--cfg split -Clink-args=--emit-relocs");

fn build(dist: &Path) -> Result<()> {
    tools::wasm_target::ensure()?;
    let bindgen = tools::wasm_bindgen::ensure()?;
    let trunk = tools::trunk::ensure()?;
    let splitter = tools::wasm_split::ensure()?;
    let optimiser = tools::wasm_opt::ensure()?;
    let minifier = tools::esbuild::ensure()?;
    step("Building the web client, optimised (the first time about 3 minutes on two cores)");
    let whole = workspace::own_folder()?.join("web");
    let mut trunk = tools::trunk::command("build", [trunk, bindgen.clone()])?;
    run(trunk
        .args(["--release", "--dist"])
        .arg(&whole)
        .env(FLAGS.0, FLAGS.1)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS"))?;
    let linked = workspace::target()?.join("wasm32-unknown-unknown/wasm-release/client.wasm");
    pieces::split(&linked, &whole, dist, &pieces::Tools { splitter, bindgen, optimiser, minifier })
}

/// Fingerprint of all inputs and of the result.
fn current(dist: &Path) -> Result<String> {
    let root = workspace::root();
    let mut paths: Vec<PathBuf> = INPUTS.iter().map(|input| root.join(input)).collect();
    paths.push(dist.to_owned());
    let tools = [
        tools::trunk::VERSION,
        tools::wasm_split::VERSION,
        tools::wasm_opt::which(),
        tools::esbuild::which(),
    ];
    fingerprint::of(&paths, &tools)
}
