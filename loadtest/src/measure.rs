//! A latency histogram of fixed size.

/// Sub-buckets per power of two: the relative error is at most 1/64.
const FINE: u64 = 32;
const FINE_BITS: u32 = FINE.ilog2();

/// Counts of values in buckets whose width grows with the value.
#[derive(Debug, Clone)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; (FINE * u64::from(65 - FINE_BITS)) as usize], count: 0, max: 0 }
    }
}

impl Histogram {
    /// Counts one value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.buckets[bucket(value)] += 1;
        self.count += 1;
        self.max = self.max.max(value);
    }

    /// Adds the counts of another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.count += other.count;
        self.max = self.max.max(other.max);
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn max(&self) -> u64 {
        self.max
    }

    /// Returns the value that the share `rank` (0 to 1) of all values does not exceed; 0 if there are no values.
    pub fn quantile(&self, rank: f64) -> u64 {
        let wanted = (self.count as f64 * rank).ceil() as u64;
        let mut below = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            below += count;
            if below >= wanted && *count > 0 {
                return middle(index as u64).min(self.max);
            }
        }
        self.max
    }
}

#[inline]
fn bucket(value: u64) -> usize {
    if value < FINE {
        return value as usize;
    }
    let shift = value.ilog2() - FINE_BITS;
    (u64::from(shift) * FINE + (value >> shift)) as usize
}

fn middle(index: u64) -> u64 {
    if index < 2 * FINE {
        return index;
    }
    let shift = index / FINE - 1;
    ((FINE + index % FINE) << shift) + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_close() {
        let mut histogram = Histogram::default();
        for value in 1..=100_000_u64 {
            histogram.record(value * 1_000);
        }
        for (rank, exact) in [(0.5, 50_000_000.0), (0.99, 99_000_000.0), (1.0, 100_000_000.0)] {
            let value = histogram.quantile(rank) as f64;
            assert!((value / exact - 1.0).abs() < 0.02, "{rank}: {value}");
        }
        assert_eq!(histogram.max(), 100_000_000);
    }

    #[test]
    fn extremes_have_a_bucket() {
        let mut histogram = Histogram::default();
        for value in [0, 1, 31, 32, 63, 64, u64::MAX] {
            histogram.record(value);
        }
        assert_eq!(histogram.quantile(0.0), 0);
        assert_eq!(histogram.count(), 7);
        let mut sum = Histogram::default();
        assert_eq!(sum.quantile(0.5), 0);
        sum.merge(&histogram);
        assert_eq!(sum.max(), u64::MAX);
    }

    #[test]
    fn buckets_meet_without_gap() {
        for value in 0..5_000_u64 {
            assert!(bucket(value + 1) - bucket(value) <= 1);
            let back = middle(bucket(value) as u64);
            assert!(back.abs_diff(value) <= value / 32 + 1, "{value} {back}");
        }
    }
}
