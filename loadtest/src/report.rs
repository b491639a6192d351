//! What a run found, as a table for people or as JSON.

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

/// The result of a scenario.
pub trait Report: Serialize {
    /// Name and value of each line of the table.
    fn rows(&self) -> Vec<(&'static str, String)>;

    /// Whether the server kept its promises.
    fn verdict(&self) -> Verdict;
}

/// Prints a report to standard output and gives its verdict.
///
/// # Errors
/// None in practice: every report is JSON.
pub fn print<R: Report>(report: &R, json: bool) -> Result<Verdict> {
    if json {
        println!("{}", serde_json::to_string_pretty(report)?);
    } else {
        let rows = report.rows();
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in rows {
            println!("{name:width$}  {value}");
        }
    }
    Ok(report.verdict())
}

/// Nanoseconds as milliseconds.
pub fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
