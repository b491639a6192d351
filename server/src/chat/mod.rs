//! Use cases and policy: who may do what. Joins hub, store and relay, which do not know each other.

mod ages;
mod arrivals;
mod join;
mod post;
mod rates;
mod read;
mod reads;
mod recorder;
mod retention;
mod rooms;
mod search;
mod secret;
mod session;
mod upkeep;
mod writer;

use std::sync::{Arc, PoisonError};

use shared::limits::Limits;
use tokio::task::{AbortHandle, JoinHandle};
use tokio_util::sync::CancellationToken;

pub use rates::ConnectionRates;
pub use retention::Retention;
pub use session::Session;

use crate::error::Error;
use crate::hub::{Clock, Committed, Hub, HubClosed, State, Statistics, wall_clock};
use crate::relay::Relay;
use crate::store::Store;
use crate::vital::Vital;
use ages::Ages;
use rates::Rates;
use rooms::Rooms;
use writer::Writer;

/// The chat of one node.
pub struct Chat {
    store: Arc<dyn Store>,
    hub: Hub,
    writer: Writer,
    rates: Rates,
    rooms: Rooms,
    ages: Ages,
    stopping: CancellationToken,
    followers: std::sync::Mutex<Option<Followers>>,
}

/// Tasks that would otherwise keep the chat alive after a stop.
struct Followers {
    /// Told to stop when it has written down everything.
    recorder: JoinHandle<Result<(), Error>>,
    last_round: CancellationToken,
    others: [AbortHandle; 5],
}

impl Chat {
    /// Takes up the rooms and members that the store knows, and begins.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn start(
        store: Arc<dyn Store>,
        relay: Arc<dyn Relay>,
        rate_limits: bool,
        retention: Retention,
        vital: &Vital,
    ) -> Result<Arc<Self>, Error> {
        let clock = Clock::start();
        let mut state = State::new(clock.now(), wall_clock());
        let ages = Ages::restore(&*store, clock).await?;
        let rooms = Rooms::restore(&*store, &mut state, ages.now()).await?;
        let hub = Hub::start(state, clock, vital);
        let writer = Writer::start(store.clone(), relay.clone(), hub.clone(), vital);
        let rates = Rates::new(Limits::standard(rate_limits));
        let (stopping, followers) = (CancellationToken::new(), std::sync::Mutex::default());
        let chat = Arc::new(Self { store, hub, writer, rates, rooms, ages, stopping, followers });
        let last_round = CancellationToken::new();
        let followers = Followers {
            recorder: vital.spawn("recorder", recorder::record(chat.clone(), last_round.clone())),
            last_round,
            others: [
                vital.spawn("tidying of rates", rates::tidy(chat.clone())).abort_handle(),
                // Who writes does not need it: it goes on by itself after a fault.
                tokio::spawn(search::index(chat.clone())).abort_handle(),
                vital.spawn("upkeep", upkeep::keep(chat.clone())).abort_handle(),
                vital.spawn("retention", retention::keep(chat.clone(), retention)).abort_handle(),
                vital.spawn("relay", hear_peers(chat.hub.clone(), relay)).abort_handle(),
            ],
        };
        *chat.followers.lock().unwrap_or_else(PoisonError::into_inner) = Some(followers);
        Ok(chat)
    }

    /// The hub's clock in milliseconds.
    pub fn now(&self) -> u64 {
        self.hub.now()
    }

    /// Full buckets for a new connection.
    pub fn connection_rates(&self) -> ConnectionRates {
        self.rates.connection()
    }

    /// The moment's numbers.
    pub async fn statistics(&self) -> Result<Statistics, Error> {
        Ok(self.hub.statistics().await?)
    }

    /// Whether messages can be stored at the moment.
    pub async fn ready(&self) -> Result<(), Error> {
        if !self.writer.is_healthy() {
            // The disk may have room again; only a write can tell.
            self.writer.ask(rooms::open_general()?).await?;
        }
        Ok(self.store.ready().await?)
    }

    /// Says goodbye to everybody, with a hint that spreads their return.
    pub async fn close_all(&self) -> Result<(), Error> {
        self.stopping.cancel();
        Ok(self.hub.close_all().await?)
    }

    /// Resolves when everybody has to go.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Whether everybody has to go.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Makes everything durable that was queued, and closes the store.
    pub async fn stop(&self) -> Result<(), Error> {
        let followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Followers { recorder, last_round, others }) = followers {
            others.iter().for_each(AbortHandle::abort);
            last_round.cancel();
            recorder.await.map_err(|_| HubClosed)??;
        }
        // Once another write is stored, everything is that was queued before.
        self.writer.ask(self.ages.tick()).await?;
        self.store.close().await;
        Ok(())
    }
}

/// Hands out what other nodes stored.
async fn hear_peers(hub: Hub, relay: Arc<dyn Relay>) {
    loop {
        let batch = relay.receive().await;
        let batch = batch.into_iter().map(|relayed| Committed {
            room: relayed.room,
            event: Some(relayed.event),
            ack: None,
        });
        if hub.deliver(batch.collect()).await.is_err() {
            return;
        }
    }
}
