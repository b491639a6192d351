//! Rooms of a sign-in that wait for their turn: they count as joins, so the rate may let some of them in later.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::{Position, ResumeRoom, RoomAddress, ServerFrame};
use tokio::time::Instant;

use super::Session;
use crate::error::Error;
use crate::hub::wall_clock;

/// Rooms in the order of the sign-in, and when the first of them may be tried.
#[derive(Default)]
pub(super) struct Arrivals(Mutex<(VecDeque<ResumeRoom>, Option<Instant>)>);

impl Arrivals {
    fn lock(&self) -> MutexGuard<'_, (VecDeque<ResumeRoom>, Option<Instant>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client asks for this room itself, or does not want it any more. Gives the position it had there.
    pub(super) fn take(&self, room: &RoomAddress) -> Option<Position> {
        let rooms = &mut self.lock().0;
        let place = rooms.iter().position(|waiting| waiting.room == *room)?;
        rooms.remove(place).and_then(|waiting| waiting.since)
    }

    /// The next one is tried when the rate allows it.
    fn wait(&self, error: &Error) {
        if let Error::RateLimited { retry_after_ms } = error {
            self.lock().1 = Some(Instant::now() + Duration::from_millis(*retry_after_ms));
        }
    }
}

impl Session {
    /// Joins what was asked for with the sign-in. Rooms that the person is in are entered at once; the others count as
    /// joins, and those that come too fast wait for [`Self::arrive`].
    pub(super) async fn enter_rooms(&self, rooms: Vec<ResumeRoom>) -> Result<(), Error> {
        let mine = self.chat.hub.memberships(self.connection).await?;
        for room in rooms {
            let rate = if mine.contains(&room.room) { Ok(()) } else { self.chat.rates.join(self.user) };
            match rate {
                Ok(()) => self.enter_or_tell(&room.room, room.since).await,
                Err(error) => {
                    self.arrivals.wait(&error);
                    self.arrivals.lock().0.push_back(room);
                }
            }
        }
        Ok(())
    }

    /// When [`Self::arrive`] is to be called; none: no room waits.
    pub fn next_arrival(&self) -> Option<Instant> {
        let (rooms, at) = &*self.arrivals.lock();
        at.filter(|_| !rooms.is_empty())
    }

    /// Joins the room that has waited longest, if the rate allows it by now.
    pub async fn arrive(&self) {
        if let Err(error) = self.chat.rates.join(self.user) {
            return self.arrivals.wait(&error);
        }
        let first = self.arrivals.lock().0.pop_front();
        if let Some(room) = first {
            self.enter_or_tell(&room.room, room.since).await;
        }
    }

    /// One room that cannot be entered does not end the signing in.
    pub(super) async fn enter_or_tell(&self, room: &RoomAddress, since: Option<Position>) {
        if let Err(error) = self.enter(room, since, None).await {
            let failure = error.into_failure().in_room(room.clone());
            self.link.answer(&ServerFrame::Error { failure, timestamp: wall_clock() });
        }
    }
}
