//! What was measured, by server and row.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rows::Row;

/// The figures of one run, by the name of the metric.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figures {
    /// The values.
    pub values: BTreeMap<&'static str, f64>,
    /// Nothing was lost, doubled or disordered, and nobody was cut off who read.
    pub whole: bool,
    /// It took so long that it was given up: further runs would tell no more.
    pub given_up: bool,
    /// Share of a core that the load test took.
    pub load_share: Option<f64>,
}

/// All runs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Book {
    runs: BTreeMap<String, BTreeMap<Row, Vec<Figures>>>,
}

impl Book {
    /// Enters a run.
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

    /// The median of a metric over the runs.
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

    /// The largest share of a core that the load test took in a row.
    pub fn load_share(&self, server: &str, row: Row) -> Option<f64> {
        self.of(server, row).iter().filter_map(|figures| figures.load_share).reduce(f64::max)
    }
}

/// The middle value, or the mean of the two in the middle; none of none.
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
