//! Group commit: queued writes are committed together, and while one batch is on its way to disk the next one fills. A
//! batch that was committed together is delivered together.

mod back_off;
mod batch;
mod previous;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use shared::{Changed, ClientMessageId, Failure, RoomAddress, RoomEvent, ServerFrame};
use tokio::sync::{mpsc, oneshot, watch};

use crate::critical_tasks::CriticalTasks;
use crate::error::Error;
use crate::hub::{Ack, Committed, Hub, Requester, wall_clock};
use crate::metrics::Metrics;
use crate::relay::{NodeMessage, Relay, Relayed};
use crate::room::RoomInfo;
use crate::store::{Outcome, RoomLinkUse, Store, StoreError, Write};
use batch::Batch;
use previous::{History, PreviousBatch};

/// Queue length. A full queue makes the caller wait, so the server stops reading from senders instead of refusing them.
const QUEUE: usize = 2_048;

/// Where to send the outcome of a write.
enum ReplyTo {
    /// The connection that sent the request.
    Connection(Requester),
    /// A waiting task of this process.
    Task(oneshot::Sender<Result<Outcome, Error>>),
}

/// A task that waits, and what it waits for.
type Answer = (oneshot::Sender<Result<Outcome, Error>>, Outcome);

/// Handle to the writer task.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<(Write, ReplyTo)>,
    /// Whether the last commit succeeded.
    healthy: Arc<AtomicBool>,
    commits: watch::Sender<()>,
}

impl Writer {
    /// Starts the writer task. It ends when the last handle is dropped and the queue is empty.
    pub fn start(
        store: Arc<dyn Store>,
        relay: Arc<dyn Relay>,
        hub: Hub,
        metrics: Arc<Metrics>,
        tasks: &CriticalTasks,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let healthy = Arc::new(AtomicBool::new(true));
        let commits = watch::Sender::new(());
        tasks.spawn("writer", run(store, relay, hub, waiting, (healthy.clone(), commits.clone(), metrics)));
        Self { queue, healthy, commits }
    }

    /// Whether the last commit succeeded.
    pub fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    /// Writes that wait.
    pub fn waiting(&self) -> usize {
        QUEUE - self.queue.capacity()
    }

    /// Returns a receiver that is notified of every commit from now on.
    pub fn commits(&self) -> watch::Receiver<()> {
        self.commits.subscribe()
    }

    /// Queues a message or a change. Its author receives an ack once it is stored, or an error.
    pub async fn submit(&self, write: Write, requester: Requester) -> Result<(), Error> {
        self.send(write, ReplyTo::Connection(requester)).await
    }

    /// Queues a write and waits until it and everything queued before it are stored.
    pub async fn commit(&self, write: Write) -> Result<Outcome, Error> {
        let (done, outcome) = oneshot::channel();
        self.send(write, ReplyTo::Task(done)).await?;
        outcome.await.map_err(|_| stopped())?
    }

    /// Queues writes in order and waits until all of them are stored.
    ///
    /// # Errors
    /// Some of the writes may not be stored.
    pub async fn commit_all(&self, writes: Vec<Write>) -> Result<(), Error> {
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            let (done, outcome) = oneshot::channel();
            self.send(write, ReplyTo::Task(done)).await?;
            outcomes.push(outcome);
        }
        for outcome in outcomes {
            outcome.await.map_err(|_| stopped())??;
        }
        Ok(())
    }

    async fn send(&self, write: Write, reply_to: ReplyTo) -> Result<(), Error> {
        self.queue.send((write, reply_to)).await.map_err(|_| stopped())
    }
}

fn stopped() -> Error {
    Error::Stopping(crate::hub::HubClosed)
}

async fn run(
    store: Arc<dyn Store>,
    relay: Arc<dyn Relay>,
    hub: Hub,
    mut waiting: mpsc::Receiver<(Write, ReplyTo)>,
    (healthy, commits, metrics): (Arc<AtomicBool>, watch::Sender<()>, Arc<Metrics>),
) {
    let mut history = History::default();
    while let Some(Batch { writes, replies, authors, .. }) = Batch::next(&mut waiting, &mut history).await {
        let earlier = history.previous.take().map(|previous| previous.authors).unwrap_or_default();
        let begun = Instant::now();
        let result = store.commit(&writes).await;
        metrics.committed(begun.elapsed(), result.is_ok());
        healthy.store(result.is_ok(), Ordering::Relaxed);
        match result {
            Ok(outcomes) => {
                commits.send_replace(());
                let (committed, answers) = settle(writes, replies, outcomes);
                if relay.has_peers() {
                    relay.publish(NodeMessage::Events(committed.iter().filter_map(relayed).collect()));
                }
                if !committed.is_empty() {
                    match hub.deliver(committed).await {
                        Ok(handed_out) => {
                            history.previous = Some(PreviousBatch { handed_out, authors, earlier });
                        }
                        Err(_) => return,
                    }
                }
                // After the hub was told: what the task asks it next, it answers with this batch in mind.
                for (done, outcome) in answers {
                    let _ = done.send(Ok(outcome));
                }
            }
            Err(error) => refuse(&writes, replies, error),
        }
    }
}

fn relayed(committed: &Committed) -> Option<Relayed> {
    Some(Relayed { room: committed.room.clone(), event: committed.event.clone()? })
}

/// Collects the events and acks for the hub, and the answers for the tasks that wait.
fn settle(batch: Vec<Write>, replies: Vec<ReplyTo>, outcomes: Vec<Outcome>) -> (Vec<Committed>, Vec<Answer>) {
    let (mut committed, mut answers) = (Vec::with_capacity(batch.len()), Vec::new());
    for ((write, reply_to), outcome) in batch.into_iter().zip(replies).zip(outcomes) {
        let requester = match reply_to {
            ReplyTo::Connection(requester) => requester,
            ReplyTo::Task(done) => {
                committed.extend(unasked(&write, &outcome));
                answers.push((done, outcome));
                continue;
            }
        };
        let Some((room, client_message_id)) = authored(&write) else { continue };
        let ack = |message_id, seq, timestamp| {
            Some(Ack { requester: requester.clone(), message_id, seq, timestamp, client_message_id })
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
                tell_failure(&requester, &room.address, client_message_id, failure);
                continue;
            }
            Outcome::Room(_)
            | Outcome::Created(..)
            | Outcome::Banned(_)
            | Outcome::Reports(_)
            | Outcome::RoomChanged(_)
            | Outcome::Forgotten(_)
            | Outcome::Removed(_)
            | Outcome::Done => continue,
        };
        committed.push(Committed { room: room.clone(), event, ack });
    }
    (committed, answers)
}

/// Returns the events of a write that a task asked for: a room's oldest messages were removed, or a message of somebody
/// who has gone; or the room itself was changed.
fn unasked(write: &Write, outcome: &Outcome) -> Vec<Committed> {
    let (room, events) = match (write, outcome) {
        (Write::Trim { room, .. }, Outcome::Removed(removed)) => (room, removed.trimmed.as_slice()),
        (Write::Change(new), Outcome::Changed(changed, _)) => (&new.room, std::slice::from_ref(changed)),
        (Write::CreateRoom(_), Outcome::Created(room, events)) => (room, &events[..]),
        (Write::Membership(new), Outcome::RoomChanged(events)) => (&new.room, &events[..]),
        (Write::UseRoomLink(RoomLinkUse { membership: Some(new), .. }), Outcome::RoomChanged(events)) => {
            (&new.room, &events[..])
        }
        (Write::Restriction(new), Outcome::RoomChanged(events)) => (&new.room, &events[..]),
        (Write::Details(new), Outcome::RoomChanged(events)) => (&new.room, &events[..]),
        _ => return Vec::new(),
    };
    let committed = |changed: &Changed| Committed {
        room: room.clone(),
        event: Some(RoomEvent::Changed(changed.clone())),
        ack: None,
    };
    events.iter().map(committed).collect()
}

/// Returns the room and the client message id of a message or a change.
fn authored(write: &Write) -> Option<(&Arc<RoomInfo>, Option<ClientMessageId>)> {
    match write {
        Write::Post(new) => Some((&new.room, new.author.client_message_id)),
        Write::Change(new) => Some((&new.room, new.author.client_message_id)),
        _ => None,
    }
}

/// Reports a failed commit to everybody who waits. Nothing of the batch was stored, so nothing is acked.
fn refuse(batch: &[Write], replies: Vec<ReplyTo>, error: StoreError) {
    let failure = Error::Store(error).into_failure();
    for (write, reply_to) in batch.iter().zip(replies) {
        match (authored(write), reply_to) {
            (Some((room, client_message_id)), ReplyTo::Connection(requester)) => {
                tell_failure(&requester, &room.address, client_message_id, failure.clone());
            }
            (_, ReplyTo::Task(done)) => drop(done.send(Err(Error::Refused(failure.clone())))),
            (None, ReplyTo::Connection(_)) => {}
        }
    }
}

fn tell_failure(
    requester: &Requester,
    room: &RoomAddress,
    client_message_id: Option<ClientMessageId>,
    failure: Failure,
) {
    let failure = Failure { id: requester.id.clone(), client_message_id, ..failure.in_room(room.clone()) };
    requester.handle.answer(&ServerFrame::Error { failure, timestamp: wall_clock() });
}
