//! The result of a run, as a table or as JSON.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

/// Whether all checks passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// The report says where.
    Failed,
}

/// Name and value of a row of the table.
pub type Row = (&'static str, String);

/// The result of a scenario.
pub trait Report: Serialize {
    /// The rows of the table.
    fn rows(&self) -> Vec<Row>;

    /// Whether all checks passed.
    fn verdict(&self) -> Verdict;
}

/// Prints a report to standard output and returns its verdict.
///
/// # Errors
/// Standard output is closed.
pub fn print<R: Report>(report: &R, json: bool) -> Result<Verdict> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(report)?)?;
    } else {
        let rows = report.rows();
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in rows {
            writeln!(out, "{name:width$}  {value}")?;
        }
    }
    Ok(report.verdict())
}

/// Converts nanoseconds to milliseconds.
pub fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
