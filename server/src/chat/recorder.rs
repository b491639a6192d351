//! Writes down what the store has to learn of memberships, some time after the hub decided it. What the store refuses is
//! kept, as the latest state of each, until it is stored.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use shared::UserId;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::Chat;
use crate::error::Error;
use crate::hub::Changes;
use crate::room::RoomId;
use crate::server_time::ServerTime;
use crate::store::Write;

/// Between two rounds, so that the read marks of a busy room are written once and not with every message.
const REST: Duration = Duration::from_millis(500);
/// After a refusal.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// On a stop, so long a store that refuses is asked again.
const LAST_TRIES: Duration = Duration::from_secs(3);
/// Guests of one write.
const SEEN_TOGETHER: usize = 500;
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// Follows the hub until `stop`, and then writes down what is left.
///
/// # Errors
/// The store refused what was left, or hub or writer are gone.
pub(super) async fn record(chat: Arc<Chat>, stop: CancellationToken) -> Result<(), Error> {
    let mut kept = Changes::default();
    let mut hourly = tokio::time::interval(FORGET_EVERY);
    loop {
        let forget = tokio::select! {
            () = stop.cancelled() => return last_round(&chat, kept).await,
            () = chat.hub.changed() => false,
            _ = hourly.tick() => true,
        };
        while let Err(error) = round(&chat, &mut kept, forget).await {
            if matches!(error, Error::Stopping(_)) {
                return Err(error);
            }
            if timeout(TRY_AGAIN, stop.cancelled()).await.is_ok() {
                break;
            }
        }
        let _ = timeout(REST, stop.cancelled()).await;
    }
}

async fn round(chat: &Chat, kept: &mut Changes, forget: bool) -> Result<(), Error> {
    if forget {
        chat.hub.roll_call().await?;
    }
    write_down(chat, kept).await?;
    if forget && chat.ages.may_remove() {
        // Everybody who is there is noted as seen by now.
        chat.writer.ask(Write::ForgetGuests { before: chat.ages.guests_end_before() }).await?;
    }
    Ok(())
}

async fn last_round(chat: &Chat, mut kept: Changes) -> Result<(), Error> {
    let until = Instant::now() + LAST_TRIES;
    chat.hub.roll_call().await?;
    while let Err(error) = write_down(chat, &mut kept).await {
        if matches!(error, Error::Stopping(_)) || Instant::now() >= until {
            return Err(error);
        }
        sleep(REST).await;
    }
    Ok(())
}

/// Stores what was kept and what the hub decided since, and forgets it then.
async fn write_down(chat: &Chat, kept: &mut Changes) -> Result<(), Error> {
    kept.followed_by(chat.hub.take_changes().await?);
    // Who comes back to a deserted room asks the store, which may have removed its log by then.
    let deserted = kept.rooms.iter().filter(|(_, live)| !**live).map(|(room, _)| *room);
    chat.rooms.forget(&deserted.collect::<HashSet<RoomId>>());
    chat.writer.ask_all(writes(kept, chat.ages.now())).await?;
    *kept = Changes::default();
    Ok(chat.hub.changes_stored().await?)
}

fn writes(changes: &Changes, at: ServerTime) -> Vec<Write> {
    let mut writes = Vec::new();
    for (&room, &live) in &changes.rooms {
        writes.push(Write::SetLive { room, empty_since: (!live).then_some(at) });
    }
    let seen: Vec<UserId> = changes.seen.iter().copied().collect();
    for guests in seen.chunks(SEEN_TOGETHER) {
        writes.push(Write::Seen { guests: guests.to_vec(), at });
    }
    for (&(room, guest), &member) in &changes.memberships {
        writes.push(Write::SetMember { room, guest, member });
    }
    for (&(room, guest), &read) in &changes.reads {
        writes.push(Write::SetRead { room, guest, read });
    }
    writes
}
