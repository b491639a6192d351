//! Group commit without a timer: what has queued is committed together; while one batch is on its way to disk the
//! next one fills. A batch that was committed together is handed out together.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use shared::{Failure, ServerFrame};
use tokio::sync::{mpsc, oneshot};

use crate::error::Error;
use crate::hub::{Committed, Hub, Origin, wall_clock};
use crate::relay::{Relay, Relayed};
use crate::store::{NewPost, Outcome, Store, StoreError, Write};

/// Writes that wait. When they are this many, whoever has another one waits: the server stops reading from senders
/// rather than refusing them.
const QUEUE: usize = 2_048;
/// Writes of one transaction.
const BATCH: usize = 1_000;
/// Message text of one transaction, in bytes.
const BATCH_BYTES: usize = 1024 * 1024;

/// Who is told what became of a write.
enum Asker {
    Nobody,
    Author(Origin),
    Caller(oneshot::Sender<Result<Outcome, Error>>),
}

/// The way to the store's writer.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<(Write, Asker)>,
    /// Whether the last commit succeeded.
    healthy: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the task that commits. It ends when the last handle is dropped, after what was queued.
    pub fn start(store: Arc<dyn Store>, relay: Arc<dyn Relay>, hub: Hub) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let healthy = Arc::new(AtomicBool::new(true));
        tokio::spawn(run(store, relay, hub, waiting, healthy.clone()));
        Self { queue, healthy }
    }

    /// Whether the last commit succeeded.
    pub fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    /// Queues a message. Its author is told once it is stored, or that it could not be.
    pub async fn post(&self, post: NewPost, origin: Origin) -> Result<(), Error> {
        self.send(Write::Post(post), Asker::Author(origin)).await
    }

    /// Queues a write and waits until it is stored, and with it everything that was queued before.
    pub async fn ask(&self, write: Write) -> Result<Outcome, Error> {
        let (done, outcome) = oneshot::channel();
        self.send(write, Asker::Caller(done)).await?;
        outcome.await.map_err(|_| stopped())?
    }

    /// Queues a write that nobody waits for.
    pub async fn note(&self, write: Write) -> Result<(), Error> {
        self.send(write, Asker::Nobody).await
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
) {
    while let Some((batch, askers)) = next_batch(&mut waiting).await {
        let result = store.commit(&batch).await;
        healthy.store(result.is_ok(), Ordering::Relaxed);
        match result {
            Ok(outcomes) => {
                let committed = settle(batch, askers, outcomes);
                if relay.has_peers() {
                    relay.publish(committed.iter().filter(|c| c.fresh).map(relayed).collect());
                }
                if !committed.is_empty() && hub.deliver(committed).await.is_err() {
                    return;
                }
            }
            Err(error) => refuse(batch, askers, error),
        }
    }
}

fn relayed(committed: &Committed) -> Relayed {
    Relayed { room: committed.room.clone(), posted: committed.posted.clone() }
}

async fn next_batch(waiting: &mut mpsc::Receiver<(Write, Asker)>) -> Option<(Vec<Write>, Vec<Asker>)> {
    let mut next = Some(waiting.recv().await?);
    let (mut batch, mut askers, mut bytes) = (Vec::new(), Vec::new(), 0);
    while let Some((write, asker)) = next {
        if let Write::Post(post) = &write {
            bytes += post.content.as_str().len();
        }
        batch.push(write);
        askers.push(asker);
        if batch.len() == BATCH || bytes >= BATCH_BYTES {
            break;
        }
        next = waiting.try_recv().ok();
    }
    Some((batch, askers))
}

/// Answers the callers and gathers what the hub hands out and acknowledges.
fn settle(batch: Vec<Write>, askers: Vec<Asker>, outcomes: Vec<Outcome>) -> Vec<Committed> {
    let mut committed = Vec::with_capacity(batch.len());
    for ((write, asker), outcome) in batch.into_iter().zip(askers).zip(outcomes) {
        match (write, asker, outcome) {
            (Write::Post(post), Asker::Author(origin), Outcome::Posted(posted)) => {
                committed.push(Committed { room: post.room, posted, fresh: true, origin: Some(origin) });
            }
            (Write::Post(post), Asker::Author(origin), Outcome::Repeated(posted)) => {
                committed.push(Committed { room: post.room, posted, fresh: false, origin: Some(origin) });
            }
            (Write::Post(post), Asker::Author(origin), _) => {
                tell_failure(&origin, &post, Error::IdConflict.into_failure());
            }
            (_, Asker::Caller(done), outcome) => drop(done.send(Ok(outcome))),
            (_, Asker::Author(_) | Asker::Nobody, _) => {}
        }
    }
    committed
}

/// Nothing of the batch was stored, so nothing is acknowledged and everybody who waits is told.
fn refuse(batch: Vec<Write>, askers: Vec<Asker>, error: StoreError) {
    let failure = Error::Store(error).into_failure();
    for (write, asker) in batch.into_iter().zip(askers) {
        match (write, asker) {
            (Write::Post(post), Asker::Author(origin)) => tell_failure(&origin, &post, failure.clone()),
            (_, Asker::Caller(done)) => drop(done.send(Err(Error::Refused(failure.clone())))),
            (_, Asker::Author(_) | Asker::Nobody) => {}
        }
    }
}

fn tell_failure(origin: &Origin, post: &NewPost, failure: Failure) {
    let failure = Failure {
        id: origin.id.clone(),
        client_message_id: post.client_message_id,
        ..failure.in_room(post.room.address.clone())
    };
    origin.link.answer(&ServerFrame::Error { failure, timestamp: wall_clock() });
}
