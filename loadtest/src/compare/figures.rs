//! Measured figures, by server and row.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rows::Row;

/// The figures of one run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figures {
    /// By name of the metric.
    pub values: BTreeMap<&'static str, f64>,
    /// Nothing was lost, duplicated or reordered, and no client that reads was disconnected.
    pub whole: bool,
    /// The run took so long that it was given up: further runs would show nothing more.
    pub given_up: bool,
    /// Share of a core that the load test used.
    pub load_share: Option<f64>,
}

/// The figures of all runs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Book {
    runs: BTreeMap<String, BTreeMap<Row, Vec<Figures>>>,
}

impl Book {
    /// Adds a run.
    pub fn enter(&mut self, server: &str, row: Row, figures: Figures) {
        self.runs.entry(server.to_owned()).or_default().entry(row).or_default().push(figures);
    }

    /// Whether another run of this row would only be given up again.
    pub fn is_hopeless(&self, server: &str, row: Row) -> bool {
        self.of(server, row).iter().any(|figures| figures.given_up)
    }

    fn of(&self, server: &str, row: Row) -> &[Figures] {
        self.runs.get(server).and_then(|rows| rows.get(&row)).map_or(&[], Vec::as_slice)
    }

    /// Returns the median of a metric over the runs.
    pub fn median(&self, server: &str, row: Row, metric: &str) -> Option<f64> {
        median(
            self.of(server, row).iter().filter_map(|figures| figures.values.get(metric).copied()).collect(),
        )
    }

    /// Whether all runs of a row were whole.
    pub fn is_whole(&self, server: &str, row: Row) -> bool {
        let runs = self.of(server, row);
        !runs.is_empty() && runs.iter().all(|figures| figures.whole && !figures.given_up)
    }

    /// Returns the largest share of a core that the load test used in a row.
    pub fn load_share(&self, server: &str, row: Row) -> Option<f64> {
        self.of(server, row).iter().filter_map(|figures| figures.load_share).reduce(f64::max)
    }
}

/// Returns the middle value, or the mean of the two in the middle; none if there are no values.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 100.0]), Some(3.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 100.0]), Some(3.0));
    }

    #[test]
    fn one_bad_run_spoils_a_row() {
        let mut book = Book::default();
        let run = |whole, value| Figures { values: [("x", value)].into(), whole, ..Figures::default() };
        book.enter("a", Row::Rooms, run(true, 1.0));
        assert!(book.is_whole("a", Row::Rooms));
        book.enter("a", Row::Rooms, run(false, 2.0));
        assert!(!book.is_whole("a", Row::Rooms) && !book.is_whole("b", Row::Rooms));
        assert_eq!(book.median("a", Row::Rooms, "x"), Some(1.5));
        assert_eq!(book.median("a", Row::Storm, "x"), None);
    }
}
