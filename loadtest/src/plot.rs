//! Minimal line plots over logarithmic axes, as SVG.

use std::fmt::Write;

use crate::progress::grouped;

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 28.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 44.0;
const COLOURS: [&str; 4] = ["#1f6feb", "#bc4c00", "#1a7f37", "#8250df"];

/// One line of a plot.
#[derive(Debug, Clone)]
pub struct Series {
    /// Label, with its unit.
    pub name: &'static str,
    /// Points with both coordinates above 0; others are left out.
    pub points: Vec<(f64, f64)>,
}

/// Lines that share their axes.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Shown above the panel.
    pub title: String,
    /// Label of the x axis.
    pub axis: &'static str,
    pub series: Vec<Series>,
}

/// A logarithmic axis of whole decades.
#[derive(Debug, Clone, Copy)]
struct Axis {
    low: i32,
    high: i32,
    from: f64,
    to: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (low, high) =
            values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return Self { low: 0, high: 1, from, to };
        }
        let low = low.log10().floor() as i32;
        Self { low, high: (high.log10().ceil() as i32).max(low + 1), from, to }
    }

    fn place(&self, value: f64) -> f64 {
        let share = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.from + share * (self.to - self.from)
    }

    fn decades(&self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|decade| 10_f64.powi(decade))
    }
}

/// Renders the panels side by side.
pub fn svg(panels: &[Panel]) -> String {
    let width = WIDTH * panels.len() as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" \
         height=\"{HEIGHT}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#24292f\">\n\
         <rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n"
    );
    for (index, panel) in panels.iter().enumerate() {
        let _ = writeln!(out, "<g transform=\"translate({} 0)\">", WIDTH * index as f64);
        draw(&mut out, panel);
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, panel: &Panel) {
    let shown = |&&(x, y): &&(f64, f64)| x > 0.0 && y > 0.0;
    let points = || panel.series.iter().flat_map(|series| series.points.iter().filter(shown));
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let x = Axis::over(points().map(|point| point.0), LEFT, right);
    let y = Axis::over(points().map(|point| point.1), bottom, TOP);
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"18\" font-weight=\"bold\">{}</text>", escape(&panel.title));
    for value in x.decades() {
        let at = x.place(value);
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {TOP}V{bottom}\" stroke=\"#d0d7de\"/>\
             <text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            bottom + 15.0,
            label(value)
        );
    }
    for value in y.decades() {
        let at = y.place(value);
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#d0d7de\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            label(value)
        );
    }
    let middle = f64::midpoint(LEFT, right);
    let below = HEIGHT - 10.0;
    let _ = writeln!(
        out,
        "<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">{}</text>",
        escape(panel.axis)
    );
    for (index, (series, colour)) in panel.series.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let line: Vec<String> = series
            .points
            .iter()
            .filter(shown)
            .map(|&(a, b)| format!("{:.1},{:.1}", x.place(a), y.place(b)))
            .collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        );
        for place in line.iter().filter_map(|place| place.split_once(',')) {
            let _ =
                writeln!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"{colour}\"/>", place.0, place.1);
        }
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"38\" fill=\"{colour}\">● {}</text>",
            LEFT + 140.0 * index as f64,
            escape(series.name)
        );
    }
}

/// Formats a decade.
fn label(decade: f64) -> String {
    if decade < 1.0 { decade.to_string() } else { grouped(decade as u64) }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_are_spread_evenly() {
        let axis = Axis::over([2.0, 500.0].into_iter(), 0.0, 300.0);
        assert_eq!(axis.decades().collect::<Vec<_>>(), [1.0, 10.0, 100.0, 1_000.0]);
        assert!((axis.place(10.0) - 100.0).abs() < 1e-9);
        assert!((axis.place(1_000.0) - 300.0).abs() < 1e-9);
    }

    #[test]
    fn a_plot_has_a_point_for_each_place_above_nothing() {
        let points = vec![(1.0, 10.0), (10.0, 1.0), (100.0, 0.0)];
        let panel = Panel { title: "a < b".into(), axis: "x", series: vec![Series { name: "s", points }] };
        let plot = svg(&[panel.clone(), panel]);
        assert_eq!(plot.matches("<circle").count(), 4);
        assert!(plot.contains("a &lt; b") && plot.ends_with("</svg>\n"));
        assert!(!svg(&[Panel { title: String::new(), axis: "x", series: Vec::new() }]).contains("NaN"));
    }
}
