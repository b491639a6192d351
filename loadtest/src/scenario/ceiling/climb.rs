//! Chooses the next rate to try.

/// Factor between steps while the rate goes up or down.
const STRIDE: f64 = 1.5;
/// At most this many steps up or down.
const STRIDES: u32 = 10;
/// Bisections between the last rate that was sustained and the first that was not.
const HALVINGS: u32 = 2;

/// Searches for the highest sustained rate: up or down until it lies between two rates, then by bisection.
#[derive(Debug)]
pub struct Climb {
    rate: f64,
    borne: Option<f64>,
    too_much: Option<f64>,
    strides: u32,
    halvings: u32,
    limited: bool,
}

impl Climb {
    /// Starts at a rate of at least `least`, somewhat below what `reached` promises.
    pub fn from(reached: f64, least: f64) -> Self {
        /// The first step, as a share of the rate that was reached with messages in flight.
        const FIRST: f64 = 0.6;
        let rate = (reached * FIRST).max(least);
        Self { rate, borne: None, too_much: None, strides: 0, halvings: 0, limited: false }
    }

    /// Returns the rate to try; none when another would show nothing more.
    pub fn next(&self) -> Option<f64> {
        let apart = match (self.borne, self.too_much) {
            (Some(_), Some(_)) => return (self.halvings < HALVINGS).then_some(self.rate),
            (borne, _) => borne.is_none() || !self.limited,
        };
        (apart && self.strides < STRIDES).then_some(self.rate)
    }

    /// Records the outcome for the rate of [`Self::next`]. `limited` means that the load test used all of its core, so
    /// that higher rates would say nothing more about the server.
    pub fn tell(&mut self, borne: bool, limited: bool) {
        let between = self.borne.is_some() && self.too_much.is_some();
        *(if between { &mut self.halvings } else { &mut self.strides }) += 1;
        *(if borne { &mut self.borne } else { &mut self.too_much }) = Some(self.rate);
        self.limited = limited;
        self.rate = match (self.borne, self.too_much) {
            (Some(low), Some(high)) => f64::sqrt(low * high),
            (Some(low), None) => low * STRIDE,
            (None, _) => self.rate / STRIDE,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the rates tried at a server that sustains `most`, by a load test whose own limit is `own`.
    fn tried(reached: f64, most: f64, own: f64) -> Vec<f64> {
        let mut climb = Climb::from(reached, 1.0);
        let mut rates = Vec::new();
        while let Some(rate) = climb.next() {
            climb.tell(rate <= most, rate >= own);
            rates.push(rate.round());
        }
        rates
    }

    #[test]
    fn up_until_it_is_too_much_then_between() {
        assert_eq!(tried(1_000.0, 1_000.0, f64::MAX), [600.0, 900.0, 1_350.0, 1_102.0, 996.0]);
    }

    #[test]
    fn down_until_it_is_borne_then_between() {
        assert_eq!(tried(1_000.0, 500.0, f64::MAX), [600.0, 400.0, 490.0, 542.0]);
    }

    #[test]
    fn a_load_test_at_its_end_goes_no_higher() {
        assert_eq!(tried(1_000.0, f64::MAX, 900.0), [600.0, 900.0]);
    }

    #[test]
    fn a_load_test_at_its_end_still_goes_down() {
        // 600 is too much, but perhaps only for the load test; some rate must be sustained.
        assert_eq!(tried(1_000.0, 300.0, 350.0), [600.0, 400.0, 267.0, 327.0, 295.0]);
    }

    #[test]
    fn neither_way_goes_on_for_ever() {
        assert_eq!(tried(1_000.0, f64::MAX, f64::MAX).len(), 10);
        assert_eq!(tried(1_000.0, 0.0, f64::MAX).len(), 10);
    }

    #[test]
    fn begins_at_no_less_than_asked() {
        assert_eq!(Climb::from(0.0, 500.0).next(), Some(500.0));
    }
}
