//! Writes down what the store has to learn of memberships, some time after the hub decided it.

use std::sync::Arc;
use std::time::Duration;

use shared::{Timestamp, UserId};

use super::Chat;
use crate::error::Error;
use crate::hub::{Changes, wall_clock};
use crate::store::Write;

/// A guest's session lives this long after its last connection: 7 days, in milliseconds.
const SESSION_MILLIS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Between two rounds, so that the read marks of a busy room are written once and not with every message.
const REST: Duration = Duration::from_millis(500);
/// Guests of one write.
const SEEN_TOGETHER: usize = 500;
const TIDY_EVERY: Duration = Duration::from_mins(1);
/// Every so many tidyings old sessions are forgotten: once an hour.
const FORGET_EVERY: u64 = 60;

/// Guests who were not seen since then are forgotten.
pub(super) fn sessions_end_before() -> Timestamp {
    Timestamp::from_millis(wall_clock().millis() - SESSION_MILLIS)
}

/// Follows the hub until the server stops.
pub(super) async fn record(chat: Arc<Chat>) {
    while let Ok(changes) = chat.hub.changes().await {
        if write_down(&chat, changes).await.is_err() {
            return;
        }
        // Once another write is stored, these are too; those that a full disk refused are lost.
        let _ = chat.writer.ask(Write::ForgetGuests { before: sessions_end_before() }).await;
        if chat.hub.changes_stored().await.is_err() {
            return;
        }
        tokio::time::sleep(REST).await;
    }
}

/// Queues all writes that `changes` ask for.
pub(super) async fn write_down(chat: &Chat, changes: Changes) -> Result<(), Error> {
    let at = wall_clock();
    for (room, live) in changes.rooms {
        if !live {
            // Who comes back asks the store, which may have removed its log by then.
            chat.rooms.forget(room);
        }
        let empty_since = (!live).then_some(at);
        chat.writer.note(Write::SetLive { room, empty_since }).await?;
    }
    let seen: Vec<UserId> = changes.seen.into_iter().collect();
    for guests in seen.chunks(SEEN_TOGETHER) {
        chat.writer.note(Write::Seen { guests: guests.to_vec(), at }).await?;
    }
    for ((room, guest), member) in changes.memberships {
        chat.writer.note(Write::SetMember { room, guest, member }).await?;
    }
    for ((room, guest), read) in changes.reads {
        chat.writer.note(Write::SetRead { room, guest, read }).await?;
    }
    Ok(())
}

/// Forgets what nobody will ask for again, until the server stops.
pub(super) async fn tidy(chat: Arc<Chat>) {
    let mut ticks = tokio::time::interval(TIDY_EVERY);
    let mut round = 0;
    loop {
        ticks.tick().await;
        chat.rates.tidy();
        if round % FORGET_EVERY == 0 {
            let before = sessions_end_before();
            if chat.writer.note(Write::ForgetGuests { before }).await.is_err()
                || chat.hub.roll_call().await.is_err()
            {
                return;
            }
        }
        round += 1;
    }
}
