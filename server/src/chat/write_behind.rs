//! Write-behind of membership changes: stores what the hub decided some time after the fact. Changes that the store
//! refuses are kept, merged to the latest state of each, until they are stored.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use shared::{Failure, UserId};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::Chat;
use crate::error::Error;
use crate::hub::{Changes, HubClosed, wall_clock};
use crate::room::RoomId;
use crate::server_time::ServerTime;
use crate::store::{Outcome, StoreError, Write};

/// Pause between two rounds, so that the read marks of a busy room are written once and not with every message.
const REST: Duration = Duration::from_millis(500);
/// Pause after the store refused a write.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// On a stop, how long to retry against a store that refuses.
const LAST_TRIES: Duration = Duration::from_secs(3);
/// Users per write.
const SEEN_TOGETHER: usize = 500;
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// Requests to store at once what the hub has decided, answered when that is done, or with why the store refused.
pub(super) type Demand = oneshot::Sender<Result<(), Failure>>;
/// Whoever asks for a round waits this long: longer than a write waits for a lock that another program holds.
const STORED_WITHIN: Duration = Duration::from_secs(10);
/// Requests that wait for a round; further ones wait to be accepted.
pub(super) const DEMANDS: usize = 1_024;

impl Chat {
    /// Has everything stored that the hub has decided so far.
    ///
    /// # Errors
    /// The store refused it for now, or the server stops. It is tried again later.
    pub(super) async fn store_changes(&self) -> Result<(), Error> {
        let (done, stored) = oneshot::channel();
        let asked = async {
            self.demands.send(done).await.map_err(|_| HubClosed)?;
            Ok(stored.await.map_err(|_| HubClosed)??)
        };
        let silent = || StoreError::Unavailable(anyhow::anyhow!("memberships were not stored in time"));
        timeout(STORED_WITHIN, asked).await.unwrap_or_else(|_| Err(silent().into()))
    }
}

/// Stores the hub's changes until `stop` is cancelled, then stores what is left.
///
/// # Errors
/// The store refused the rest, or the hub or the writer is gone.
pub(super) async fn run(
    chat: Arc<Chat>,
    mut demands: mpsc::Receiver<Demand>,
    stop: CancellationToken,
) -> Result<(), Error> {
    let mut kept = Changes::default();
    let mut waiting: Vec<Demand> = Vec::new();
    let mut hourly = tokio::time::interval(FORGET_EVERY);
    loop {
        let forget = tokio::select! {
            biased;
            () = stop.cancelled() => return last_round(&chat, kept).await,
            _ = hourly.tick() => true,
            // Somebody has asked during the pause.
            () = std::future::ready(()), if !waiting.is_empty() => false,
            () = chat.hub.changed() => false,
            Some(demand) = demands.recv() => {
                waiting.push(demand);
                false
            }
        };
        loop {
            waiting.extend(std::iter::from_fn(|| demands.try_recv().ok()));
            let stored = match round(&chat, &mut kept, forget).await {
                Err(stopping @ Error::Stopping(_)) => return Err(stopping),
                stored => stored.map_err(Error::into_failure),
            };
            for demand in waiting.drain(..) {
                // Nobody waits any more if the request was given up.
                let _ = demand.send(stored.clone());
            }
            if stored.is_ok() || timeout(TRY_AGAIN, stop.cancelled()).await.is_ok() {
                break;
            }
        }
        tokio::select! {
            () = sleep(REST) => {}
            () = stop.cancelled() => {}
            Some(demand) = demands.recv() => waiting.push(demand),
        }
    }
}

async fn round(chat: &Chat, kept: &mut Changes, forget: bool) -> Result<(), Error> {
    if forget {
        chat.hub.touch_present().await?;
    }
    write_down(chat, kept).await?;
    if forget && chat.clock.may_remove() {
        // By now every guest who is connected is stored as seen.
        let forget = Write::ForgetGuests { before: chat.clock.guests_end_before() };
        if let Outcome::Forgotten(guests) = chat.writer.commit(forget).await? {
            chat.hub.remove_guests(guests).await?;
        }
        chat.accounts.forget_sessions(chat.present()).await?;
        let (now, accounts) = (chat.present(), &chat.accounts);
        chat.hub.free_names(accounts.free_names(now).await?, accounts.former_names(now).await?).await?;
    }
    if forget {
        chat.accounts.renew_keys(wall_clock()).await?;
    }
    Ok(())
}

async fn last_round(chat: &Chat, mut kept: Changes) -> Result<(), Error> {
    let until = Instant::now() + LAST_TRIES;
    chat.hub.touch_present().await?;
    while let Err(error) = write_down(chat, &mut kept).await {
        if matches!(error, Error::Stopping(_)) || Instant::now() >= until {
            return Err(error);
        }
        sleep(REST).await;
    }
    Ok(())
}

/// Stores the pending changes and those that the hub decided since, then drops them.
async fn write_down(chat: &Chat, kept: &mut Changes) -> Result<(), Error> {
    kept.followed_by(chat.hub.take_changes().await?);
    // Joins to a deserted room must ask the store, which may have removed the log by then.
    let deserted = kept.rooms.iter().filter(|(_, live)| !**live).map(|(room, _)| *room);
    chat.rooms.forget(&deserted.collect::<HashSet<RoomId>>());
    chat.writer.commit_all(writes(kept, chat.clock.now())).await?;
    *kept = Changes::default();
    Ok(chat.hub.changes_stored().await?)
}

fn writes(changes: &Changes, at: ServerTime) -> Vec<Write> {
    let mut writes = Vec::new();
    for (&room, &live) in &changes.rooms {
        writes.push(Write::SetLive { room, empty_since: (!live).then_some(at) });
    }
    let seen: Vec<UserId> = changes.seen.iter().copied().collect();
    for users in seen.chunks(SEEN_TOGETHER) {
        writes.push(Write::Seen { users: users.to_vec(), at });
    }
    for (&(room, user), &member) in &changes.memberships {
        writes.push(Write::SetMember { room, user, member });
    }
    for (&(room, user), &closed) in &changes.closed {
        writes.push(Write::SetClosed { room, user, closed });
    }
    for (&(room, user), &read) in &changes.reads {
        writes.push(Write::SetRead { room, user, read });
    }
    writes
}
