//! Upper bounds of the histograms, in seconds.

/// A commit takes a millisecond on a good disk, and some ten with a slow one.
pub(super) const COMMIT: [f64; 12] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// People notice from 100 ms on.
pub(super) const DELIVERY: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 10.0];
