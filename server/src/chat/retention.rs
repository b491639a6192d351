//! What nobody will ask for again: logs of rooms that stayed empty, and messages of an age that the operator set.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use super::Chat;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::server_time::ServerTime;
use crate::store::{Outcome, Removed, Write};

/// How soon a leap of the clock is seen.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The log of a room after its last member went.
    pub rooms: Duration,
    /// Messages; none: for ever.
    pub messages: Option<Duration>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { rooms: Duration::from_hours(7 * 24), messages: None }
    }
}

impl Retention {
    /// How often time is noted and what is too old removed: often enough that nothing is kept for more than a tenth
    /// longer, and that a crash loses little of the time that passed.
    fn interval(&self) -> Duration {
        let shortest = self.messages.map_or(self.rooms, |messages| messages.min(self.rooms));
        (shortest / 20).clamp(Duration::from_secs(1), Duration::from_mins(10))
    }
}

/// Watches the clock and removes what is too old until the server stops. What cannot be removed now is tried again
/// later.
pub(super) async fn keep(chat: Arc<Chat>, retention: Retention) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = Instant::now();
    loop {
        looks.tick().await;
        let leapt = chat.ages.look();
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
    chat.writer.ask(chat.ages.tick()).await?;
    if !chat.ages.may_remove() {
        return Ok(());
    }
    purge(chat, chat.ages.now().before(retention.rooms)).await?;
    let Some(age) = retention.messages else { return Ok(()) };
    for room in chat.store.rooms().await? {
        let before = chat.ages.now().before(age);
        let write = || Write::Trim { room: room.clone(), before, at: wall_clock() };
        while remove(chat, write()).await? {}
    }
    Ok(())
}

/// Removes the logs of rooms that have been empty since `before`, unless they are in use. Who enters one meanwhile asks
/// for it again behind the purge, because [`super::rooms::Rooms`] does not know it any more.
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
                chat.writer.ask(Write::SetLive { room, empty_since: None }).await?;
            } else {
                while remove(chat, Write::Purge { room, before }).await? {}
            }
        }
    }
}

/// One piece. True: there is more.
async fn remove(chat: &Chat, write: Write) -> Result<bool, Error> {
    match chat.writer.ask(write).await? {
        Outcome::Removed(Removed { more, .. }) => Ok(more),
        _ => Ok(false),
    }
}
