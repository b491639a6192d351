//! A progress line, on terminals only.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

const WIDTH: usize = 30;
const EVERY: Duration = Duration::from_millis(200);

/// A progress bar on standard error.
#[derive(Debug)]
pub struct Progress {
    unit: &'static str,
    total: u64,
    shown: bool,
    started: Instant,
    drawn: Instant,
}

impl Progress {
    /// Creates a bar that is full at `total` `unit`s.
    pub fn new(unit: &'static str, total: u64) -> Self {
        let now = Instant::now();
        Self { unit, total, shown: stderr().is_terminal(), started: now, drawn: now }
    }

    /// Draws the bar, at most five times a second.
    pub fn show(&mut self, done: u64) {
        if self.shown && self.drawn.elapsed() >= EVERY {
            self.drawn = Instant::now();
            self.draw(done);
        }
    }

    /// Erases the bar.
    pub fn finish(self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[2K");
        }
    }

    fn draw(&self, done: u64) {
        let share = done as f64 / self.total.max(1) as f64;
        let full = ((share * WIDTH as f64) as usize).min(WIDTH);
        let rate = done as f64 / self.started.elapsed().as_secs_f64();
        let line = format!(
            "\r\x1b[2K[{}{}] {:3.0} %  {} of {} {}  {}/s",
            "█".repeat(full),
            "·".repeat(WIDTH - full),
            share * 100.0,
            grouped(done),
            grouped(self.total),
            self.unit,
            grouped(rate as u64),
        );
        let _ = stderr().write_all(line.as_bytes());
    }
}

/// Formats a number with commas between groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_come_in_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(10_000_000), "10,000,000");
    }
}
