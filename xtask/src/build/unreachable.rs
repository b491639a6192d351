//! Takes out of the program what neither the page nor the program can reach.
//!
//! `wasm-bindgen` exports every class that a crate made for JavaScript, and with it all its code, also if nothing ever
//! makes an object of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasmparser::{Parser, Payload};

use crate::process::output;

/// Removes classes without objects from `script`, and from `module` what only they used; `optimiser` is `wasm-opt`,
/// beside which there may be the program that does it.
///
/// # Errors
/// The module cannot be read, or the programs fail.
pub fn remove(script: &Path, module: &Path, optimiser: &Path) -> Result<()> {
    let remover = optimiser.with_file_name("wasm-metadce");
    if !remover.exists() {
        return Ok(());
    }
    let text = fs::read_to_string(script)?;
    let (rest, removed) = without_classes(&text);
    let used = uses(&rest);
    let unused: BTreeSet<&str> = uses(&removed).difference(&used).copied().collect();
    let exports = exports(&fs::read(module)?)?;
    let kept = exports.iter().filter(|name| !unused.contains(name.as_str()));
    // The names are identifiers, which JSON writes like Rust.
    let graph: Vec<String> =
        kept.map(|name| format!(r#"{{"name": {name:?}, "export": {name:?}, "root": true}}"#)).collect();
    ensure!(!graph.is_empty(), "{} exports nothing", module.display());
    let file = module.with_extension("json");
    fs::write(&file, format!("[{}]", graph.join(",\n")))?;
    output(Command::new(&remover).arg(module).arg("--graph-file").arg(&file).arg("-o").arg(module))
        .with_context(|| format!("{} failed on {}", remover.display(), module.display()))?;
    fs::write(script, rest).with_context(|| format!("cannot write {}", script.display()))
}

fn exports(module: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(exports) = payload? {
            for export in exports {
                names.push(export?.name.to_owned());
            }
        }
    }
    Ok(names)
}

/// Returns a script of `wasm-bindgen` without its classes that have neither a constructor nor the function that wraps an
/// object that the program made, and what was removed.
fn without_classes(script: &str) -> (String, String) {
    let (mut rest, mut removed) = (String::new(), String::new());
    let mut gone = Vec::new();
    for block in script.split_inclusive("\n}\n") {
        let Some(at) = block.find("export class ") else {
            rest.push_str(block);
            continue;
        };
        let (before, class) = block.split_at(at);
        rest.push_str(before);
        let name = class["export class ".len()..].split(' ').next().unwrap_or_default();
        if class.contains("    constructor(") || class.contains("    static __wrap(") {
            rest.push_str(class);
        } else {
            removed.push_str(class);
            gone.push(name);
        }
    }
    for name in gone {
        cut(&mut rest, &mut removed, &format!("if (Symbol.dispose) {name}."));
        cut(&mut rest, &mut removed, &format!("const {name}Finalization = "));
    }
    (rest, removed)
}

/// Moves the statement that begins so, at the beginning of a line.
fn cut(rest: &mut String, removed: &mut String, beginning: &str) {
    let Some(start) = rest.find(beginning) else { return };
    if let Some(length) = rest[start..].find(";\n") {
        removed.push_str(&rest[start..start + length + 2]);
        rest.replace_range(start..start + length + 2, "");
    }
}

/// The exports of the program that a script uses.
fn uses(script: &str) -> BTreeSet<&str> {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let after = script.match_indices("wasm.").map(|(at, sign)| &script[at + sign.len()..]);
    after.map(|rest| rest.split(|sign| !is_name(sign)).next().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "import * as pieces from './loader.js'

export class Pipe {
    free() {
        wasm.__wbg_pipe_free(this.ptr, 0);
    }
    pull() {
        return wasm.pipe_pull(this.ptr);
    }
}
if (Symbol.dispose) Pipe.prototype[Symbol.dispose] = Pipe.prototype.free;

export class Made {
    static __wrap(ptr) {
        return ptr;
    }
    free() {
        wasm.made_free(0);
    }
}
if (Symbol.dispose) Made.prototype[Symbol.dispose] = Made.prototype.free;

function start() {
    wasm.start();
    wasm.pipe_pull(1);
}
const PipeFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_pipe_free(ptr, 1));
const last = 1;
";

    #[test]
    fn a_class_of_which_nothing_makes_an_object_goes() {
        let (rest, removed) = without_classes(SCRIPT);
        assert!(!rest.contains("Pipe"), "{rest}");
        assert!(rest.contains("export class Made") && rest.contains("const last = 1;"));
        assert!(rest.contains("if (Symbol.dispose) Made."));
        let used = uses(&rest);
        let unused: Vec<&str> = uses(&removed).difference(&used).copied().collect();
        assert_eq!(unused, ["__wbg_pipe_free"], "what others call stays");
    }

    #[test]
    fn nothing_goes_of_a_script_without_classes() {
        let script = "function a() {\n}\nconst b = 1;\n";
        assert_eq!(without_classes(script), (script.to_owned(), String::new()));
    }
}
