//! Ages of stored data, and whether expired data may be removed at the moment.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::hub::{Clock, wall_clock};
use crate::server_time::{Reading, Reckoning, Seen, ServerTime};
use crate::store::{Store, StoreError, Write};

/// Lifetime of a guest's session after its last connection.
const SESSION: Duration = Duration::from_hours(7 * 24);
/// Delay from the end of a session to the removal of its guest. By then, every guest who came back in time is stored as
/// seen.
const LATER: Duration = Duration::from_hours(1);

/// Server time, derived from the machine's clocks.
pub(super) struct ServerClock {
    clock: Clock,
    reckoning: Mutex<Reckoning>,
}

impl ServerClock {
    /// Continues from the server time in the store.
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

    /// Compares the machine's clocks. Returns true if the wall clock has just leapt.
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

    /// Whether data may be removed because of its age.
    pub(super) fn may_remove(&self) -> bool {
        self.lock().may_remove()
    }

    pub(super) fn now(&self) -> ServerTime {
        self.lock().at(reading(self.clock).running)
    }

    /// Sessions of guests last seen before this time are expired.
    pub(super) fn sessions_end_before(&self) -> ServerTime {
        self.now().before(SESSION)
    }

    /// Guests last seen before this time are removed.
    pub(super) fn guests_end_before(&self) -> ServerTime {
        self.sessions_end_before().before(LATER)
    }

    /// Returns the write that stores the current server time.
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
