//! Splits the linked client into the program that the page starts with and the pieces that it fetches on demand.
//!
//! Everything lies in one folder named by the hash of its bytes, which browsers may keep for ever. The pieces know each
//! other by relative names, and pieces of two builds must not meet, since they share one memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{order, unreachable};
use crate::fingerprint;
use crate::process::{output, run};
use crate::workspace;

/// The name of the program in the splitter's loader, which imports `./client.js`. It must be the very address that the
/// page imports, or the program would be there twice.
const NAME: &str = "client";

/// The splitter's script that fetches pieces.
const LOADER: &str = "__wasm_split.js";

/// What splitting needs.
pub struct Tools {
    pub splitter: PathBuf,
    /// The folder of `wasm-bindgen`, unless it is on `PATH`.
    pub bindgen: Option<PathBuf>,
    pub optimiser: Option<PathBuf>,
    pub minifier: Option<PathBuf>,
}

/// Writes the page that trunk built in `built`, with `linked` split into pieces, to `dist`.
///
/// # Errors
/// A tool fails, or trunk's page does not name its program as expected.
pub fn split(linked: &Path, built: &Path, dist: &Path, tools: &Tools) -> Result<()> {
    let work = workspace::own_folder()?.join("pieces");
    for folder in [&work, dist] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
    }
    let folder = work.join("program");
    fs::create_dir_all(&folder)?;

    run(Command::new(&tools.splitter).args([linked, &work]).args(["--out-name", NAME]))?;
    let bound = work.join("bound");
    let bindgen = tools.bindgen.as_ref().map_or_else(|| "wasm-bindgen".into(), |of| of.join("wasm-bindgen"));
    // The pieces import what the linker exports.
    run(Command::new(bindgen)
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", NAME, "--out-dir"])
        .args([&bound, &work.join(format!("{NAME}.wasm"))]))?;

    ensure!(
        !bound.join("snippets").exists(),
        "a crate brings JavaScript of its own, which is not copied yet"
    );
    let program = bound.join(format!("{NAME}_bg.wasm"));
    if let Some(optimiser) = &tools.optimiser {
        unreachable::remove(&bound.join(format!("{NAME}.js")), &program, optimiser)?;
    }
    optimise(&program, &folder, tools)?;
    for piece in pieces(&work)? {
        optimise(&piece, &folder, tools)?;
    }
    for script in [bound.join(format!("{NAME}.js")), work.join(LOADER)] {
        minify(&script, &folder, tools)?;
    }
    // The server tells by these 16 digits that the files never change.
    let build = fingerprint::of_contents(&folder)?;
    fs::rename(&folder, dist.join(&build))?;
    copy_page(built, dist, &build)
}

/// The files that the splitter cut off: `split_*` for each piece, and `chunk_*` for what several pieces share.
fn pieces(work: &Path) -> Result<Vec<PathBuf>> {
    let mut files = workspace::files_below(work)?;
    files.retain(|file| is_piece(&name_of(file)));
    Ok(files)
}

/// Whether a file of the web client is a piece, which the page does not start with.
pub fn is_piece(name: &str) -> bool {
    is_wasm(name) && (name.starts_with("split_") || name.starts_with("chunk_"))
}

fn is_wasm(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|kind| kind == "wasm")
}

fn optimise(from: &Path, folder: &Path, tools: &Tools) -> Result<()> {
    let to = folder.join(name_of(from));
    let Some(optimiser) = &tools.optimiser else {
        fs::copy(from, &to)?;
        return Ok(());
    };
    // The stack is at the bottom of the memory and grows down: nobody ever looks below 1 KiB. Control flow that is made
    // anew, and fewer large functions, compress better: 5 KB less to load.
    let flags = [
        "--low-memory-unused",
        "--one-caller-inline-max-function-size=40",
        "-Oz",
        "--flatten",
        "--rereloop",
        "-Oz",
        "--converge",
        "--quiet",
    ];
    run(Command::new(optimiser).args(flags).arg(from).arg("-o").arg(&to))?;
    let named = to.with_extension("named");
    fs::write(&named, order::named_by_likeness(&fs::read(&to)?)?)?;
    // An old one of the system may not know how.
    let _ = output(Command::new(optimiser).arg("--reorder-functions-by-name").arg(&named).arg("-o").arg(&to));
    fs::remove_file(named)?;
    Ok(())
}

/// Shortens a script. Names of exports stay, and imports of other files as they are.
fn minify(from: &Path, folder: &Path, tools: &Tools) -> Result<()> {
    let to = folder.join(name_of(from));
    let Some(minifier) = &tools.minifier else {
        fs::copy(from, &to)?;
        return Ok(());
    };
    let flags = ["--minify", "--tree-shaking=true", "--format=esm", "--target=es2022", "--log-level=warning"];
    run(Command::new(minifier).args(flags).arg(from).arg(format!("--outfile={}", to.display())))
}

/// Copies what trunk built, except for the program; the page names the split one instead.
fn copy_page(built: &Path, dist: &Path, build: &str) -> Result<()> {
    let mut program = Vec::new();
    for file in workspace::files_below(built)? {
        let name = name_of(&file);
        if name.starts_with(&format!("{NAME}-")) {
            program.push(name);
        } else {
            fs::copy(&file, dist.join(&name)).with_context(|| format!("cannot copy {name}"))?;
        }
    }
    let mut page = fs::read_to_string(built.join("index.html"))?;
    for name in program {
        let to = if is_wasm(&name) { format!("{NAME}_bg.wasm") } else { format!("{NAME}.js") };
        ensure!(page.contains(&name), "the page does not name its {name}");
        page = page.replace(&format!("/{name}"), &format!("/{build}/{to}"));
    }
    let preload = format!(r#"<link rel="modulepreload" href="/{build}/{NAME}.js""#);
    ensure!(page.contains(&preload), "the page does not preload its program");
    // The program imports the loader, so the browser would learn of it only then.
    page = page.replace(
        &preload,
        &format!(
            "<link rel=\"modulepreload\" href=\"/{build}/{LOADER}\" crossorigin=\"anonymous\">{preload}"
        ),
    );
    fs::write(dist.join("index.html"), page)?;
    Ok(())
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
