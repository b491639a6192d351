//! How old things are, and whether what is too old may be removed at the moment.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::hub::{Clock, wall_clock};
use crate::server_time::{Reading, Reckoning, Seen, ServerTime};
use crate::store::{Store, StoreError, Write};

/// A guest's session lives this long after its last connection.
const SESSION: Duration = Duration::from_hours(7 * 24);
/// Its guest is forgotten so much later, when everybody who came back with it in time is noted as seen.
const LATER: Duration = Duration::from_hours(1);

/// Server time, reckoned from the machine's clocks.
pub(super) struct Ages {
    clock: Clock,
    reckoning: Mutex<Reckoning>,
}

impl Ages {
    /// Goes on from what the store knows.
    pub(super) async fn restore(store: &dyn Store, clock: Clock) -> Result<Self, StoreError> {
        let (reckoning, seen) = Reckoning::begin(store.noted_time().await?, reading(clock));
        if let Seen::Leap(away) = seen {
            tracing::warn!(
                away_seconds = away / 1_000,
                "the clock is far from where it was when Hiroba last ran; nothing is removed for its age until it has \
                 run steadily for an hour"
            );
        }
        Ok(Self { clock, reckoning: Mutex::new(reckoning) })
    }

    /// Compares the machine's clocks. True: they have just come apart.
    pub(super) fn look(&self) -> bool {
        let seen = self.lock().look(reading(self.clock));
        match seen {
            Seen::Nothing => {}
            Seen::Leap(leap) => tracing::warn!(
                leap_seconds = leap / 1_000,
                "the clock leapt; nothing is removed for its age until it has run steadily for an hour"
            ),
            Seen::Steady => {
                tracing::info!("the clock has run steadily for an hour; what is too old is removed again");
            }
        }
        matches!(seen, Seen::Leap(_))
    }

    /// Whether things may be removed for their age.
    pub(super) fn may_remove(&self) -> bool {
        self.lock().may_remove()
    }

    /// Now.
    pub(super) fn now(&self) -> ServerTime {
        self.lock().at(reading(self.clock).running)
    }

    /// Guests who were not seen since then are not known any more.
    pub(super) fn sessions_end_before(&self) -> ServerTime {
        self.now().before(SESSION)
    }

    /// Guests who were not seen since then are forgotten.
    pub(super) fn guests_end_before(&self) -> ServerTime {
        self.sessions_end_before().before(LATER)
    }

    /// Notes that time has passed.
    pub(super) fn tick(&self) -> Write {
        Write::Tick { time: self.now(), wall: wall_clock() }
    }

    fn lock(&self) -> MutexGuard<'_, Reckoning> {
        self.reckoning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reading(clock: Clock) -> Reading {
    Reading { running: Duration::from_millis(clock.now()), wall: wall_clock() }
}
