//! Retention: removes logs of rooms that stayed empty, and messages older than the operator's limit.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use super::{Chat, reports};
use crate::error::Error;
use crate::hub::wall_clock;
use crate::server_time::ServerTime;
use crate::store::{Outcome, Removed, Write};

/// Bounds how late a leap of the wall clock is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long data is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// TTL of a room's log after its last member left.
    pub rooms: Duration,
    /// TTL of messages; `None` keeps them forever.
    pub messages: Option<Duration>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { rooms: Duration::from_hours(7 * 24), messages: None }
    }
}

impl Retention {
    /// How often to store the server time and remove expired data. Chosen so that nothing is kept more than a tenth
    /// longer than its TTL, and that a crash loses little of the elapsed time.
    fn interval(&self) -> Duration {
        let shortest = self.messages.map_or(self.rooms, |messages| messages.min(self.rooms));
        (shortest / 20).clamp(Duration::from_secs(1), Duration::from_mins(10))
    }
}

/// Watches the clock and removes expired data until the server stops. Failed removals are retried later.
pub(super) async fn run(chat: Arc<Chat>, retention: Retention) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = Instant::now();
    loop {
        looks.tick().await;
        let leapt = chat.clock.look();
        if Instant::now() < next && !leapt {
            continue;
        }
        next = Instant::now() + retention.interval();
        if let Err(error) = tidy(&chat, &retention).await {
            tracing::warn!(error = %error, "old messages could not be removed; trying again later");
        }
    }
}

async fn tidy(chat: &Chat, retention: &Retention) -> Result<(), Error> {
    chat.writer.commit(chat.clock.tick()).await?;
    if !chat.clock.may_remove() {
        return Ok(());
    }
    chat.writer.commit(reports::expire(chat.clock.now())).await?;
    purge(chat, chat.clock.now().before(retention.rooms)).await?;
    let Some(age) = retention.messages else { return Ok(()) };
    for room in chat.store.rooms().await? {
        let before = chat.clock.now().before(age);
        let write = || Write::Trim { room: room.clone(), before, at: wall_clock() };
        while remove(chat, write()).await? {}
    }
    Ok(())
}

/// Removes the logs of rooms that have been empty since `before`, unless they are in use. Anyone who joins such a room
/// meanwhile asks the store again, behind the purge, because [`super::rooms::Rooms`] no longer has it.
async fn purge(chat: &Chat, before: ServerTime) -> Result<(), Error> {
    loop {
        let rooms = chat.store.deserted(before).await?;
        if rooms.is_empty() {
            return Ok(());
        }
        chat.rooms.forget(&rooms.iter().copied().collect());
        let live = chat.hub.live(rooms.clone()).await?;
        for room in rooms {
            if live.contains(&room) {
                chat.writer.commit(Write::SetLive { room, empty_since: None }).await?;
            } else {
                while remove(chat, Write::Purge { room, before }).await? {}
            }
        }
    }
}

/// Removes one batch. Returns true if there is more.
async fn remove(chat: &Chat, write: Write) -> Result<bool, Error> {
    match chat.writer.commit(write).await? {
        Outcome::Removed(Removed { more, .. }) => Ok(more),
        _ => Ok(false),
    }
}
