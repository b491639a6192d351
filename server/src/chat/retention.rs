//! What nobody will ask for again: logs of rooms that stayed empty, and messages of an age that the operator set.

use std::sync::Arc;
use std::time::Duration;

use shared::Timestamp;

use super::Chat;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::store::{Outcome, Removed, Write};

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
    /// How often to look: often enough that nothing is kept for more than a tenth longer.
    fn interval(&self) -> Duration {
        let shortest = self.messages.map_or(self.rooms, |messages| messages.min(self.rooms));
        (shortest / 10).clamp(Duration::from_secs(1), Duration::from_hours(1))
    }
}

/// Removes what is too old until the server stops. What cannot be removed now is tried again later.
pub(super) async fn keep(chat: Arc<Chat>, retention: Retention) {
    let mut ticks = tokio::time::interval(retention.interval());
    loop {
        ticks.tick().await;
        if let Err(error) = tidy(&chat, &retention).await {
            tracing::warn!(error = %error, "old messages could not be removed; trying again later");
        }
    }
}

async fn tidy(chat: &Chat, retention: &Retention) -> Result<(), Error> {
    purge(chat, ago(retention.rooms)).await?;
    let Some(age) = retention.messages else { return Ok(()) };
    for room in chat.store.rooms().await? {
        let write = || Write::Trim { room: room.clone(), before: ago(age), at: wall_clock() };
        while remove(chat, write()).await? {}
    }
    Ok(())
}

/// Removes the logs of rooms that have been empty since `before`, unless they are in use. Who enters one meanwhile asks
/// for it again behind the purge, because [`super::rooms::Rooms`] does not know it any more.
async fn purge(chat: &Chat, before: Timestamp) -> Result<(), Error> {
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

fn ago(age: Duration) -> Timestamp {
    Timestamp::from_millis(wall_clock().millis().saturating_sub(age.as_millis() as i64))
}
