//! What a run found, as a table for people or as JSON.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

/// Whether the server kept its promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It did.
    Passed,
    /// It did not; the report says where.
    Failed,
}

/// Name and value of a line of the table.
pub type Row = (&'static str, String);

/// The result of a scenario.
pub trait Report: Serialize {
    /// The lines of the table.
    fn rows(&self) -> Vec<Row>;

    /// Whether the server kept its promises.
    fn verdict(&self) -> Verdict;
}

/// Prints a report to standard output and gives its verdict.
///
/// # Errors
/// Nobody reads the output any more.
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

/// Nanoseconds as milliseconds.
pub fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
