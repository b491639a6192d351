//! Rooms of a sign-in that exceed the join rate limit. They are joined later, as the limit allows.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::{Position, ResumeRoom, RoomAddress, ServerFrame};
use tokio::time::Instant;

use super::Session;
use crate::error::Error;
use crate::hub::wall_clock;

/// The rooms in the order of the sign-in, and when to try the first one.
#[derive(Default)]
pub(super) struct DeferredJoins(Mutex<(VecDeque<ResumeRoom>, Option<Instant>)>);

impl DeferredJoins {
    fn lock(&self) -> MutexGuard<'_, (VecDeque<ResumeRoom>, Option<Instant>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes a room, because the client joins or leaves it explicitly. Returns the position given at sign-in.
    pub(super) fn take(&self, room: &RoomAddress) -> Option<Position> {
        let rooms = &mut self.lock().0;
        let place = rooms.iter().position(|waiting| waiting.room == *room)?;
        rooms.remove(place).and_then(|waiting| waiting.since)
    }

    /// Delays the next attempt until the rate limit allows it.
    fn wait(&self, error: &Error) {
        if let Error::RateLimited { retry_after_ms } = error {
            self.lock().1 = Some(Instant::now() + Duration::from_millis(*retry_after_ms));
        }
    }
}

impl Session {
    /// Joins the rooms that were named in the sign-in. Rooms that the person is a member of are entered at once. The
    /// others count as joins; those beyond the rate limit wait for [`Self::join_deferred`].
    pub(super) async fn enter_rooms(&self, rooms: Vec<ResumeRoom>) -> Result<(), Error> {
        let mine = self.chat.hub.memberships(self.connection).await?;
        for room in rooms {
            let rate = if mine.contains(&room.room) { Ok(()) } else { self.chat.rates.join(self.user) };
            match rate {
                Ok(()) => self.enter_or_tell(&room.room, room.since).await,
                Err(error) => {
                    self.deferred.wait(&error);
                    self.deferred.lock().0.push_back(room);
                }
            }
        }
        Ok(())
    }

    /// When to call [`Self::join_deferred`]; `None` if no room is waiting.
    pub fn next_deferred_join(&self) -> Option<Instant> {
        let (rooms, at) = &*self.deferred.lock();
        at.filter(|_| !rooms.is_empty())
    }

    /// Joins the room that has waited longest, if the rate limit allows it by now.
    pub async fn join_deferred(&self) {
        if let Err(error) = self.chat.rates.join(self.user) {
            return self.deferred.wait(&error);
        }
        let first = self.deferred.lock().0.pop_front();
        if let Some(room) = first {
            self.enter_or_tell(&room.room, room.since).await;
        }
    }

    /// Enters a room. A failure is sent as an `error` frame and does not fail the sign-in.
    pub(super) async fn enter_or_tell(&self, room: &RoomAddress, since: Option<Position>) {
        if let Err(error) = self.enter(room, since, None).await {
            let failure = error.into_failure().in_room(room.clone());
            self.handle.answer(&ServerFrame::Error { failure, timestamp: wall_clock() });
        }
    }
}
