//! Not doing again at once what was in vain.

/// So many times at most something is skipped.
const MOST: u32 = 256;

/// Skips once after a failure, twice as often after each that follows, not at all after a success.
#[derive(Default)]
pub(super) struct BackOff {
    left: u32,
    after_last: u32,
}

impl BackOff {
    /// Whether it is skipped this time.
    pub(super) fn skips(&mut self) -> bool {
        let skips = self.left > 0;
        self.left = self.left.saturating_sub(1);
        skips
    }

    /// Takes note of how it went when it was not skipped.
    pub(super) fn tell(&mut self, worth_it: bool) {
        self.after_last = if worth_it { 0 } else { (2 * self.after_last).clamp(1, MOST) };
        self.left = self.after_last;
    }
}
