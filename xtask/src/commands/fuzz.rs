//! `cargo xtask fuzz`: searches for inputs that break an invariant.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{cargo, path_with, run as run_to_end, step};
use crate::tools;
use crate::workspace;

const TARGETS: [&str; 5] = ["frames", "command", "server_frame", "search", "markdown"];
const MINUTES: f64 = 15.0;
/// One week.
const LONGEST_MINUTES: f64 = 7.0 * 24.0 * 60.0;
/// File name prefix of inputs that once broke something.
const MENDED: &str = "mended-";
/// Longer inputs find nothing more and fill the corpus.
const LONGEST: &str = "-max_len=2048";

/// Fuzzes these targets, or all, for this long each, then minimises the corpus to inputs that add coverage. Inputs that
/// break something stay in `fuzz/artifacts`.
pub fn run(arguments: &[&str]) -> Result<()> {
    let (targets, minutes) = parse(arguments)?;
    let path = path_with(&[tools::cargo_fuzz::ensure()?])?;
    // A sanitizer finds nothing in safe Rust, which all our code is; without one the stable compiler is enough.
    let fuzz = |target: &str, folders: &[&Path], flags: &[&str]| {
        let mut fuzz = cargo();
        fuzz.args(["fuzz", "run", "--fuzz-dir", "fuzz", "--sanitizer", "none", target]).args(folders);
        run_to_end(fuzz.args(["--", LONGEST]).args(flags).env("PATH", &path))
    };
    for target in targets {
        step(&format!("Fuzzing {target} for {minutes} minutes"));
        let time = format!("-max_total_time={}", (minutes * 60.0).ceil());
        let corpus = workspace::root().join("fuzz/corpus").join(target);
        fuzz(target, &[&corpus], &[&time, "-timeout=10", "-print_final_stats=1"]).with_context(|| {
            format!("put the input into fuzz/corpus/{target} as {MENDED}… when it is mended")
        })?;
        step(&format!("Keeping what counts of fuzz/corpus/{target}"));
        // On the same file system, so that it can be renamed over the old corpus.
        let kept = workspace::root().join("fuzz/target").join(format!("kept-{target}"));
        if kept.is_dir() {
            fs::remove_dir_all(&kept)?;
        }
        fs::create_dir_all(&kept)?;
        fuzz(target, &[&kept, &corpus], &["-set_cover_merge=1", "-use_counters=0"])?;
        keep_mended(&corpus, &kept)?;
        fs::remove_dir_all(&corpus)?;
        fs::rename(&kept, &corpus)?;
        println!("{} inputs are kept", fs::read_dir(&corpus)?.count());
    }
    Ok(())
}

/// Keeps the inputs that once broke something, even if others reach the same code today.
fn keep_mended(corpus: &Path, kept: &Path) -> Result<()> {
    for input in fs::read_dir(corpus)? {
        let input = input?;
        if input.file_name().as_encoded_bytes().starts_with(MENDED.as_bytes()) {
            fs::copy(input.path(), kept.join(input.file_name()))?;
        }
    }
    Ok(())
}

fn parse<'a>(arguments: &[&'a str]) -> Result<(Vec<&'a str>, f64)> {
    let (mut targets, mut minutes) = (Vec::new(), MINUTES);
    let mut arguments = arguments.iter();
    while let Some(&argument) = arguments.next() {
        if argument == "--minutes" {
            let given = arguments.next().context("`--minutes` needs a number")?;
            minutes = given.parse().with_context(|| format!("{given:?} is no number of minutes"))?;
            ensure!((0.0..=LONGEST_MINUTES).contains(&minutes), "{given:?} is no time to fuzz for");
        } else if TARGETS.contains(&argument) {
            targets.push(argument);
        } else {
            bail!("{argument:?} is no target; there are {}", TARGETS.join(", "));
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    Ok((targets, minutes))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{TARGETS, keep_mended, parse};

    #[test]
    fn what_was_mended_is_kept() {
        let (corpus, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for name in ["mended-cut-in-two", "0a1b2c"] {
            fs::write(corpus.path().join(name), name).unwrap();
        }
        keep_mended(corpus.path(), kept.path()).unwrap();
        let left: Vec<_> = fs::read_dir(&kept).unwrap().map(|input| input.unwrap().file_name()).collect();
        assert_eq!(left, ["mended-cut-in-two"]);
    }

    #[test]
    fn without_arguments_everything_is_fuzzed_for_a_quarter_of_an_hour() {
        assert_eq!(parse(&[]).unwrap(), (TARGETS.to_vec(), 15.0));
        assert_eq!(parse(&["search", "--minutes", "0.5"]).unwrap(), (vec!["search"], 0.5));
    }

    #[test]
    fn a_wrong_argument_is_told() {
        assert!(parse(&["frame"]).is_err());
        assert!(parse(&["--minutes"]).is_err());
        for wrong in ["long", "-1", "NaN", "inf", "1e300"] {
            assert!(parse(&["--minutes", wrong]).is_err(), "{wrong}");
        }
    }
}
