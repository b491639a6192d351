//! Use cases and policy: who may do what. Connects the hub, the store and the relay, which do not know each other.

mod accounts;
mod all_rooms;
mod audit;
mod bans;
mod blocks;
mod deferred_joins;
mod departed;
pub mod dispatch;
mod doors;
mod download;
mod entrance;
mod introductions;
mod join;
mod mail;
mod mail_rates;
mod moderation;
pub mod permissions;
mod post;
mod preferences;
mod queries;
mod rates;
mod read_marks;
mod reclaim;
mod reports;
mod retention;
mod room_links;
mod rooms;
mod search;
mod server_clock;
mod session;
mod sign_in;
mod users;
mod visit;
mod write_behind;
mod writer;

use std::sync::{Arc, PoisonError};

use shared::limits::Limits;
use tokio::sync::{Notify, mpsc};
use tokio::task::{AbortHandle, JoinHandle};
use tokio_util::sync::CancellationToken;

pub use download::Download;
pub use moderation::Wanted;
pub use rates::ConnectionRates;
pub use retention::Retention;
pub use session::Session;
pub use visit::Caller;

use crate::accounts::{Accounts, Now, Rules};
use crate::critical_tasks::CriticalTasks;
use crate::error::Error;
use crate::hub::{Clock, Committed, Hub, HubClosed, Restrictions, State, Statistics, wall_clock};
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::relay::{NodeMessage, Relay};
use crate::store::patience::patiently;
use crate::store::{AccountStore, SearchIndex, Store, StoreError};
use bans::Bans;
use blocks::Blocks;
use download::Downloads;
use mail::Post;
use rates::Rates;
use reports::Reports;
use rooms::Rooms;
use server_clock::ServerClock;
use writer::Writer;

/// The adapters that the chat runs on.
#[derive(Clone)]
pub struct Ports {
    /// Keeps the rooms' logs.
    pub store: Arc<dyn Store>,
    /// Keeps accounts and their sessions.
    pub accounts: Arc<dyn AccountStore>,
    /// Full-text search over the logs.
    pub search: Arc<dyn SearchIndex>,
    /// Connects to other nodes.
    pub relay: Arc<dyn Relay>,
    /// Sends mail, if the operator has named a mail server.
    pub mailer: Option<Arc<Mailer>>,
    /// Counts what happens.
    pub metrics: Arc<Metrics>,
}

/// What the operator decided.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Whether people are slowed down.
    pub rate_limits: bool,
    pub retention: Retention,
    /// Who may come in.
    pub entrance: Rules,
}

/// The chat of one node.
pub struct Chat {
    store: Arc<dyn Store>,
    search: Arc<dyn SearchIndex>,
    accounts: Accounts,
    hub: Hub,
    writer: Writer,
    rates: Rates,
    rooms: Rooms,
    restrictions: Restrictions,
    bans: Bans,
    reports: Reports,
    blocks: Blocks,
    clock: ServerClock,
    mail: Post,
    demands: mpsc::Sender<write_behind::Demand>,
    /// Somebody whose messages are to be deleted has gone.
    departed: Notify,
    downloads: Downloads,
    metrics: Arc<Metrics>,
    stopping: CancellationToken,
    background: std::sync::Mutex<Option<BackgroundTasks>>,
}

/// Background tasks. [`Chat::stop`] ends them; otherwise they would keep the chat alive after a stop.
struct BackgroundTasks {
    /// Ends after `last_round` is cancelled and the remaining changes are stored.
    write_behind: JoinHandle<Result<(), Error>>,
    last_round: CancellationToken,
    /// Ends some time after [`Chat::close_all`].
    mail: Option<JoinHandle<()>>,
    others: [AbortHandle; 6],
}

impl Chat {
    /// Restores the rooms and members from the store and starts the background tasks.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn start(
        Ports { store, accounts, search, relay, mailer, metrics }: Ports,
        Policy { rate_limits, retention, entrance }: Policy,
        tasks: &CriticalTasks,
    ) -> Result<Arc<Self>, Error> {
        let hub_clock = Clock::start();
        let mut state = State::new(hub_clock.now(), wall_clock());
        let clock = ServerClock::restore(&*store, hub_clock).await?;
        let may_pass = |error: &StoreError| matches!(error, StoreError::Unavailable(_));
        let account_store = accounts.clone();
        let present = Now { server: clock.now(), wall: wall_clock() };
        let accounts =
            patiently(|| Accounts::open(accounts.clone(), entrance.clone(), present), may_pass).await?;
        for (account, name) in accounts.names() {
            state.reserve_name(account, &name);
        }
        for (account, profile) in accounts.profiles() {
            state.set_profile(account, Some(profile));
        }
        for (account, name) in accounts.former_names(present).await? {
            state.reserve_former(account, &name);
        }
        let rooms = Rooms::restore(&*store, &mut state, clock.now()).await?;
        let bans = Bans::restore(&*store).await?;
        let reports = Reports::restore(&*store).await?;
        let blocks = Blocks::restore(&*account_store).await?;
        let restrictions = state.restrictions.clone();
        rooms::restore_restrictions(&*store, &restrictions).await?;
        let hub = Hub::start(state, hub_clock, metrics.clone(), tasks);
        let writer = Writer::start(store.clone(), relay.clone(), hub.clone(), metrics.clone(), tasks);
        let rates = Rates::new(Limits::standard(rate_limits));
        let (demands, demanded) = mpsc::channel(write_behind::DEMANDS);
        let (mail, letters) = Post::open(mailer, rate_limits);
        let (stopping, background) = (CancellationToken::new(), std::sync::Mutex::default());
        let chat = Arc::new(Self {
            store,
            search,
            accounts,
            hub,
            writer,
            rates,
            rooms,
            restrictions,
            bans,
            reports,
            blocks,
            clock,
            mail,
            demands,
            departed: Notify::new(),
            downloads: Downloads::default(),
            metrics,
            stopping,
            background,
        });
        let last_round = CancellationToken::new();
        let background = BackgroundTasks {
            write_behind: tasks
                .spawn("write_behind", write_behind::run(chat.clone(), demanded, last_round.clone())),
            last_round,
            mail: letters.map(|letters| tasks.spawn("mail", mail::run(chat.clone(), letters))),
            others: [
                tasks.spawn("tidying of rates", rates::tidy(chat.clone())).abort_handle(),
                // Not a critical task: posting does not depend on it, and it recovers from a panic by itself.
                tokio::spawn(search::index(chat.clone())).abort_handle(),
                tokio::spawn(departed::run(chat.clone())).abort_handle(),
                tasks.spawn("reclaim", reclaim::run(chat.clone())).abort_handle(),
                tasks.spawn("retention", retention::run(chat.clone(), retention)).abort_handle(),
                tasks.spawn("relay", hear_peers(chat.hub.clone(), relay)).abort_handle(),
            ],
        };
        *chat.background.lock().unwrap_or_else(PoisonError::into_inner) = Some(background);
        Ok(chat)
    }

    /// The hub's clock, in milliseconds.
    pub fn now(&self) -> u64 {
        self.hub.now()
    }

    /// The present, in both ways of counting.
    fn present(&self) -> Now {
        Now { server: self.clock.now(), wall: wall_clock() }
    }

    /// A short name of this installation.
    pub fn installation(&self) -> String {
        self.accounts.short_id()
    }

    /// Returns full token buckets for a new connection.
    pub fn connection_rates(&self) -> ConnectionRates {
        self.rates.connection()
    }

    /// Returns the current statistics.
    pub async fn statistics(&self) -> Result<Statistics, Error> {
        Ok(self.hub.statistics().await?)
    }

    /// Checks that messages can be stored at the moment.
    pub async fn ready(&self) -> Result<(), Error> {
        if !self.writer.is_healthy() {
            // The disk may have free space again; only a write can tell.
            self.barrier().await?;
        }
        Ok(self.store.ready().await?)
    }

    /// Closes every connection, with a hint that spreads the reconnects.
    pub async fn close_all(&self) -> Result<(), Error> {
        self.stopping.cancel();
        Ok(self.hub.close_all().await?)
    }

    /// Resolves when the server begins to stop.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Writes that wait to be stored.
    pub fn waiting_writes(&self) -> usize {
        self.writer.waiting()
    }

    /// Whether the server is stopping.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Makes everything that was queued durable, then closes the store.
    pub async fn stop(&self) -> Result<(), Error> {
        let background = self.background.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(BackgroundTasks { write_behind, last_round, mail, others }) = background {
            mail::finish(mail).await;
            others.iter().for_each(AbortHandle::abort);
            last_round.cancel();
            write_behind.await.map_err(|_| HubClosed)??;
        }
        self.barrier().await?;
        self.store.close().await;
        Ok(())
    }

    /// Resolves when everything queued before is stored, by committing one more write behind it.
    async fn barrier(&self) -> Result<(), Error> {
        self.writer.commit(self.clock.tick()).await.map(drop)
    }
}

/// Delivers events that other nodes stored.
async fn hear_peers(hub: Hub, relay: Arc<dyn Relay>) {
    loop {
        let NodeMessage::Events(batch) = relay.receive().await;
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
