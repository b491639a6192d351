//! Limits the length of source files.

use std::fs;

use anyhow::{Result, bail};

use crate::workspace;

/// Most lines per file. Unit tests at its end do not count, nor do files below a `tests` folder.
const MOST_LINES: usize = 400;
const CRATES: [&str; 6] = ["shared", "server", "client", "loadtest", "chaos", "xtask"];

/// # Errors
/// Lists the files that are too long.
pub fn run() -> Result<()> {
    let mut too_long = Vec::new();
    for name in CRATES {
        for file in workspace::files_below(&workspace::root().join(name))? {
            let path = workspace::relative(&file);
            if file.extension().is_none_or(|extension| extension != "rs") || path.contains("/tests/") {
                continue;
            }
            let lines = lines_before_tests(&fs::read_to_string(&file)?);
            if lines > MOST_LINES {
                too_long.push(format!("{path} has {lines} lines before its tests, {MOST_LINES} are allowed"));
            }
        }
    }
    if too_long.is_empty() {
        return Ok(());
    }
    bail!("split by noun:\n{}", too_long.join("\n"))
}

fn lines_before_tests(text: &str) -> usize {
    text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count()
}

#[cfg(test)]
mod tests {
    use super::lines_before_tests;

    #[test]
    fn tests_at_the_end_do_not_count() {
        assert_eq!(lines_before_tests("fn a() {}\n\n#[cfg(test)]\nmod tests {}\n"), 2);
    }
}
