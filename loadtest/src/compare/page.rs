//! Renders the result as Markdown and updates the page that holds it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::figures::Book;
use super::goals::{METRICS, Metric};
use super::machine;
use super::peers::Peer;
use super::rows::Row;
use crate::progress::grouped;
use crate::stage::{BUSY, is_limited_here};

/// A page with generated parts.
#[derive(Debug)]
pub struct Page {
    file: PathBuf,
    text: String,
}

impl Page {
    /// Reads the page.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(Self { file: file.to_owned(), text })
    }

    /// Replaces the part between `<!-- NAME: begin -->` and `<!-- NAME: end -->`.
    ///
    /// # Errors
    /// The page has no such part, or cannot be written.
    pub fn replace(self, name: &str, part: &str) -> Result<()> {
        let text = between(&self.text, name, part)
            .with_context(|| format!("{} has no marks for {name:?}", self.file.display()))?;
        Ok(fs::write(self.file, text)?)
    }
}

fn between(text: &str, name: &str, part: &str) -> Option<String> {
    let (head, rest) = text.split_once(&format!("<!-- {name}: begin -->"))?;
    let end = format!("<!-- {name}: end -->");
    let (_, tail) = rest.split_once(&end)?;
    Some(format!("{head}<!-- {name}: begin -->\n{}\n{end}{tail}", part.trim_end()))
}

/// Renders goals and all figures as two tables.
pub fn render(book: &Book, rows: &[Row], servers: &[Peer], repeats: u32, quick: bool) -> String {
    let names: Vec<&str> = servers.iter().map(Peer::name).collect();
    let mut out = String::new();
    let short =
        if quick { " **Short runs with few clients: they say that it works, not how fast.**" } else { "" };
    let _ = writeln!(
        out,
        "Taken on {} on {}, server pinned to one core, load to another; medians of {repeats} runs in turn, each on a \
         server started for it.{short}\n",
        machine::today(),
        machine::describe()
    );
    for server in servers {
        let _ = writeln!(out, "- {}: {}", server.name(), server.version);
    }
    let metrics: Vec<&Metric> = METRICS.iter().filter(|metric| rows.contains(&metric.row)).collect();
    let _ = writeln!(
        out,
        "\n| what | goal | best peer here | Hiroba | Hiroba / peer | reached |\n|---|--:|--:|--:|--:|---|"
    );
    for metric in &metrics {
        let _ = writeln!(out, "{}", goal_line(book, metric, &names));
    }
    let _ = writeln!(
        out,
        "\n| what | {} | uWebSockets, 2026-11-23 |\n|---|{}--:|",
        names.join(" | "),
        "--:|".repeat(names.len())
    );
    for metric in &metrics {
        let cells: Vec<String> = names.iter().map(|name| cell(book, metric, name)).collect();
        let quoted = metric.quoted.map_or("–".to_owned(), number);
        let _ = writeln!(out, "| {} | {} | {quoted} |", metric.title, cells.join(" | "));
    }
    if let Some(sizes) = sizes(book, &names) {
        let _ = writeln!(out, "\nBytes of a delivery on the wire in the fan-out: {sizes}.");
    }
    let _ = writeln!(
        out,
        "\n† something was lost, doubled, disordered or changed, somebody was cut off, or the run was given up: not \
         counted as the best. \
         ‡ the load test took more than {:.0} % of its core. The last column is quoted from another run.",
        BUSY * 100.0
    );
    out
}

/// Returns the sizes of deliveries, which should be alike.
fn sizes(book: &Book, names: &[&str]) -> Option<String> {
    let size = |name: &&str| Some(format!("{name} {:.0}", book.median(name, Row::Fanout, "bytes")?));
    let sizes: Vec<String> = names.iter().filter_map(size).collect();
    (!sizes.is_empty()).then(|| sizes.join(", "))
}

fn goal_line(book: &Book, metric: &Metric, names: &[&str]) -> String {
    let ours = names.first().and_then(|name| book.median(name, metric.row, metric.key));
    let peers = names.iter().skip(1).filter(|name| book.is_whole(name, metric.row));
    let best = peers.filter_map(|name| Some((book.median(name, metric.row, metric.key)?, *name))).reduce(
        |one, other| if (metric.better(one.0, other.0) - one.0).abs() < f64::EPSILON { one } else { other },
    );
    let ratio = ours.zip(best).filter(|(_, (best, _))| *best > 0.0).map(|(ours, (best, _))| ours / best);
    let whole = names.first().is_some_and(|name| book.is_whole(name, metric.row));
    let reached = match ours {
        Some(ours) => metric.is_reached(ours).map(|reached| reached && whole),
        None => metric.goal.map(|_| false),
    };
    let dash = || "–".to_owned();
    format!(
        "| {} | {} | {} | {} | {} | {} |",
        metric.title,
        metric.goal.map_or_else(dash, number),
        best.map_or_else(dash, |(value, name)| format!("{} ({name})", number(value))),
        names.first().map_or_else(dash, |name| cell(book, metric, name)),
        ratio.map_or_else(dash, |ratio| format!("{ratio:.2}")),
        reached.map_or_else(dash, |reached| if reached { "yes" } else { "**no**" }.to_owned()),
    )
}

fn cell(book: &Book, metric: &Metric, name: &str) -> String {
    let Some(value) = book.median(name, metric.row, metric.key) else {
        return if book.is_hopeless(name, metric.row) && metric.key == "seconds" {
            "given up †".to_owned()
        } else {
            "–".to_owned()
        };
    };
    let broken = if book.is_whole(name, metric.row) { "" } else { " †" };
    let limited = if is_limited_here(book.load_share(name, metric.row)) { " ‡" } else { "" };
    format!("{}{broken}{limited}", number(value))
}

/// Formats a value with up to three significant digits; from 100 on as a whole number with commas.
fn number(value: f64) -> String {
    match value.abs() {
        zero if zero < 0.0005 => "0".to_owned(),
        large if large >= 100.0 => grouped(value.round() as u64),
        large if large >= 10.0 => format!("{value:.1}"),
        small if small < 0.1 => format!("{value:.3}"),
        _ => {
            let text = format!("{value:.2}");
            text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::figures::Figures;

    #[test]
    fn only_the_part_between_the_marks_changes() {
        let page = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb";
        assert_eq!(between(page, "x", "new\n").unwrap(), page.replace("old", "new"));
        assert_eq!(between(page, "y", "new"), None);
    }

    #[test]
    fn numbers_have_three_figures() {
        let texts = [0.0, 0.0034, 0.06, 0.123, 1.0, 12.34, 123.4, 1_234_567.8].map(number);
        assert_eq!(texts, ["0", "0.003", "0.060", "0.12", "1", "12.3", "123", "1,234,568"]);
    }

    #[test]
    fn a_peer_that_loses_is_not_the_best() {
        let mut book = Book::default();
        let run = |whole, cpu| Figures { values: [("cpu_us", cpu)].into(), whole, ..Figures::default() };
        book.enter("hiroba", Row::Fanout, run(true, 0.5));
        book.enter("lossy", Row::Fanout, run(false, 0.1));
        book.enter("slow", Row::Fanout, run(true, 2.0));
        book.enter("slower", Row::Fanout, run(true, 3.0));
        let line = goal_line(&book, &METRICS[0], &["hiroba", "lossy", "slow", "slower"]);
        assert!(line.ends_with("| 0.80 | 2 (slow) | 0.50 | 0.25 | yes |"), "{line}");
        assert_eq!(cell(&book, &METRICS[0], "lossy"), "0.10 †");
        assert_eq!(cell(&book, &METRICS[0], "absent"), "–");
    }
}
