//! Group commit: what has queued is committed together; while one batch is on its way to disk the next one fills. A
//! batch that was committed together is handed out together.

mod back_off;
mod batch;
mod past;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared::{ClientMessageId, Failure, RoomAddress, RoomEvent, ServerFrame};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;

use crate::error::Error;
use crate::hub::{Ack, Committed, Hub, Origin, wall_clock};
use crate::relay::{Relay, Relayed};
use crate::room::RoomInfo;
use crate::store::{Outcome, Store, StoreError, Write};
use crate::vital::Vital;
use batch::Batch;
use past::{Before, Past};

/// Writes that wait. When they are this many, whoever has another one waits: the server stops reading from senders
/// rather than refusing them.
const QUEUE: usize = 2_048;

/// Who is told what became of a write.
enum Asker {
    Author(Origin),
    Caller(oneshot::Sender<Result<Outcome, Error>>),
}

/// The way to the store's writer.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<(Write, Asker)>,
    /// Whether the last commit succeeded.
    healthy: Arc<AtomicBool>,
    committed: Arc<Notify>,
}

impl Writer {
    /// Starts the task that commits. It ends when the last handle is dropped, after what was queued.
    pub fn start(store: Arc<dyn Store>, relay: Arc<dyn Relay>, hub: Hub, vital: &Vital) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let healthy = Arc::new(AtomicBool::new(true));
        let committed = Arc::new(Notify::new());
        vital.spawn("writer", run(store, relay, hub, waiting, healthy.clone(), committed.clone()));
        Self { queue, healthy, committed }
    }

    /// Whether the last commit succeeded.
    pub fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    /// Resolves when something was committed since the last time. There is one who waits.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// Whether something was committed since the last time, for the one who waits.
    pub async fn has_committed(&self) -> bool {
        timeout(Duration::ZERO, self.committed.notified()).await.is_ok()
    }

    /// Queues a message or a change. Its author is told once it is stored, or that it could not be.
    pub async fn author(&self, write: Write, origin: Origin) -> Result<(), Error> {
        self.send(write, Asker::Author(origin)).await
    }

    /// Queues a write and waits until it is stored, and with it everything that was queued before.
    pub async fn ask(&self, write: Write) -> Result<Outcome, Error> {
        let (done, outcome) = oneshot::channel();
        self.send(write, Asker::Caller(done)).await?;
        outcome.await.map_err(|_| stopped())?
    }

    /// Queues writes in their order and waits until all of them are stored.
    ///
    /// # Errors
    /// Some of them may not be stored.
    pub async fn ask_all(&self, writes: Vec<Write>) -> Result<(), Error> {
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            let (done, outcome) = oneshot::channel();
            self.send(write, Asker::Caller(done)).await?;
            outcomes.push(outcome);
        }
        for outcome in outcomes {
            outcome.await.map_err(|_| stopped())??;
        }
        Ok(())
    }

    async fn send(&self, write: Write, asker: Asker) -> Result<(), Error> {
        self.queue.send((write, asker)).await.map_err(|_| stopped())
    }
}

fn stopped() -> Error {
    Error::Stopping(crate::hub::HubClosed)
}

async fn run(
    store: Arc<dyn Store>,
    relay: Arc<dyn Relay>,
    hub: Hub,
    mut waiting: mpsc::Receiver<(Write, Asker)>,
    healthy: Arc<AtomicBool>,
    stored: Arc<Notify>,
) {
    let mut past = Past::default();
    while let Some(Batch { writes, askers, authors, .. }) = Batch::next(&mut waiting, &mut past).await {
        let earlier = past.before.take().map(|before| before.authors).unwrap_or_default();
        let result = store.commit(&writes).await;
        healthy.store(result.is_ok(), Ordering::Relaxed);
        match result {
            Ok(outcomes) => {
                stored.notify_one();
                let committed = settle(writes, askers, outcomes);
                if relay.has_peers() {
                    relay.publish(committed.iter().filter_map(relayed).collect());
                }
                if !committed.is_empty() {
                    match hub.deliver(committed).await {
                        Ok(handed_out) => past.before = Some(Before { handed_out, authors, earlier }),
                        Err(_) => return,
                    }
                }
            }
            Err(error) => refuse(&writes, askers, error),
        }
    }
}

fn relayed(committed: &Committed) -> Option<Relayed> {
    Some(Relayed { room: committed.room.clone(), event: committed.event.clone()? })
}

/// Answers the callers and gathers what the hub hands out and acknowledges.
fn settle(batch: Vec<Write>, askers: Vec<Asker>, outcomes: Vec<Outcome>) -> Vec<Committed> {
    let mut committed = Vec::with_capacity(batch.len());
    for ((write, asker), outcome) in batch.into_iter().zip(askers).zip(outcomes) {
        let origin = match asker {
            Asker::Author(origin) => origin,
            Asker::Caller(done) => {
                committed.extend(removed(&write, &outcome));
                let _ = done.send(Ok(outcome));
                continue;
            }
        };
        let Some((room, client_message_id)) = authored(&write) else { continue };
        let ack = |message_id, seq, timestamp| {
            Some(Ack { origin: origin.clone(), message_id, seq, timestamp, client_message_id })
        };
        let (event, ack) = match outcome {
            Outcome::Posted(posted) => {
                let ack = ack(posted.message_id, posted.seq, posted.timestamp);
                (Some(RoomEvent::Posted(posted)), ack)
            }
            Outcome::Repeated(posted) => (None, ack(posted.message_id, posted.seq, posted.timestamp)),
            Outcome::Changed(changed, message_id) => {
                let ack = ack(message_id, changed.seq, changed.timestamp);
                (Some(RoomEvent::Changed(changed)), ack)
            }
            Outcome::RepeatedChange(changed, message_id) => {
                (None, ack(message_id, changed.seq, changed.timestamp))
            }
            Outcome::Unchanged { message_id, seq } => (None, ack(message_id, seq, wall_clock())),
            Outcome::Refused(code) => {
                let failure = Error::NotStored(code).into_failure();
                tell_failure(&origin, &room.address, client_message_id, failure);
                continue;
            }
            Outcome::Room(_) | Outcome::Removed(_) | Outcome::Done => continue,
        };
        committed.push(Committed { room: room.clone(), event, ack });
    }
    committed
}

/// A room that lost its oldest messages says so.
fn removed(write: &Write, outcome: &Outcome) -> Option<Committed> {
    let (Write::Trim { room, .. }, Outcome::Removed(removed)) = (write, outcome) else { return None };
    let event = RoomEvent::Changed(removed.trimmed.clone()?);
    Some(Committed { room: room.clone(), event: Some(event), ack: None })
}

/// The room and the author's own name of what an author wrote.
fn authored(write: &Write) -> Option<(&Arc<RoomInfo>, Option<ClientMessageId>)> {
    match write {
        Write::Post(new) => Some((&new.room, new.author.client_message_id)),
        Write::Change(new) => Some((&new.room, new.author.client_message_id)),
        _ => None,
    }
}

/// Nothing of the batch was stored, so nothing is acknowledged and everybody who waits is told.
fn refuse(batch: &[Write], askers: Vec<Asker>, error: StoreError) {
    let failure = Error::Store(error).into_failure();
    for (write, asker) in batch.iter().zip(askers) {
        match (authored(write), asker) {
            (Some((room, client_message_id)), Asker::Author(origin)) => {
                tell_failure(&origin, &room.address, client_message_id, failure.clone());
            }
            (_, Asker::Caller(done)) => drop(done.send(Err(Error::Refused(failure.clone())))),
            (None, Asker::Author(_)) => {}
        }
    }
}

fn tell_failure(
    origin: &Origin,
    room: &RoomAddress,
    client_message_id: Option<ClientMessageId>,
    failure: Failure,
) {
    let failure = Failure { id: origin.id.clone(), client_message_id, ..failure.in_room(room.clone()) };
    origin.link.answer(&ServerFrame::Error { failure, timestamp: wall_clock() });
}
