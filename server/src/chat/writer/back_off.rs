//! Exponential back-off: skips at most 256 times.

/// Upper bound of consecutive skips.
const MOST: u32 = 256;

/// Skips once after a failure, doubles the number with each further failure, and does not skip after a success.
#[derive(Default)]
pub(super) struct BackOff {
    left: u32,
    after_last: u32,
}

impl BackOff {
    /// Whether to skip this attempt.
    pub(super) fn skips(&mut self) -> bool {
        let skips = self.left > 0;
        self.left = self.left.saturating_sub(1);
        skips
    }

    /// Records the result of an attempt that was not skipped.
    pub(super) fn tell(&mut self, worth_it: bool) {
        self.after_last = if worth_it { 0 } else { (2 * self.after_last).clamp(1, MOST) };
        self.left = self.after_last;
    }
}
