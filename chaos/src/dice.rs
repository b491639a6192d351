//! Pseudo-random numbers, reproducible from a seed.

use std::time::Duration;

/// A splitmix64 generator.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Creates the generator of one part of a run; each `part` has its own sequence.
    pub const fn new(seed: u64, part: u64) -> Self {
        let mut dice = Self(seed ^ part.wrapping_mul(0xA076_1D64_78BD_642F));
        dice.number();
        dice
    }

    /// Returns the next number.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`, or 0 if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = end.max(1) as u64;
        (self.number() % end) as usize
    }

    /// Returns true with a probability of `percent` %.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Picks an element; none if `from` is empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())) }
    }

    /// Returns a duration between `least` and `most` milliseconds, both included.
    pub fn millis(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_millis(least + self.below((most - least + 1) as usize) as u64)
    }

    /// Returns an exponentially distributed duration with this mean.
    pub fn around(&mut self, mean: Duration) -> Duration {
        let unit = (self.below(1_000_000) as f64 + 0.5) / 1_000_000.0;
        mean.mul_f64(-unit.ln())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_parts_differ() {
        let draw = |seed, part| {
            let mut dice = Dice::new(seed, part);
            [dice.number(), dice.number(), dice.number()]
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn times_lie_around_their_mean() {
        let mut dice = Dice::new(7, 7);
        let mean: Duration =
            (0..2_000).map(|_| dice.around(Duration::from_millis(100))).sum::<Duration>() / 2_000;
        assert!((90..110).contains(&mean.as_millis()), "{mean:?}");
    }
}
