//! Connects the parts of the server and runs them until the stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::accounts::Rules;
use crate::chat::{Chat, Policy, Ports};
use crate::config::Config;
use crate::critical_tasks::CriticalTasks;
use crate::http::{
    AppState, ConnectionSlot, Local, Origins, Peer, Refusals, SessionCookie, TrustedProxies, router,
};
use crate::mail::Mailer;
use crate::relay::{LocalRelay, Relay};
use crate::store::sqlite::SqliteStore;
use crate::ws::{Admission, DeadlineStream, SPARE, Slot};
use crate::{control, descriptors, listen, owner_link, site};

/// Time limit for the headers of a request, counted from when the server starts to wait for them.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Largest request head, in bytes. Bounds the buffers of an idle HTTP connection.
const HEAD_BYTES: usize = 16 * 1024;
/// How long connections have to receive their close frame on a stop, so that the whole stop takes at most ten seconds.
const GOODBYE_WITHIN: Duration = Duration::from_secs(6);
/// How long a connection on a spare slot has for one request and its answer.
const SPARE_WITHIN: Duration = Duration::from_secs(2);
/// Upper bound of concurrent connections, if the system allows them.
const CONNECTIONS: usize = 100_000;
/// Below this limit, the log tells the operator how to raise it.
const FEW_CONNECTIONS: usize = 1_000;
const TIDY_EVERY: Duration = Duration::from_mins(1);

/// Serves on `listeners` until `shutdown` is cancelled, then closes all connections and stores what is queued.
///
/// # Errors
/// The data folder cannot be used, or a task of the server panicked.
pub async fn serve(
    config: &Config,
    listeners: Vec<TcpListener>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    serve_node(config, Arc::new(LocalRelay), listeners, shutdown).await
}

/// [`serve`], for one of several nodes.
///
/// # Errors
/// See [`serve`].
pub async fn serve_node(
    config: &Config,
    relay: Arc<dyn Relay>,
    listeners: Vec<TcpListener>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let connections = most_connections();
    let addresses: Vec<SocketAddr> =
        listeners.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
    let store = Arc::new(SqliteStore::open(&config.data_dir).await?);
    let tasks = CriticalTasks::default();
    let (accounts, search) = (store.clone(), store.clone());
    let site = site::of(config.public_url.as_ref(), &addresses);
    let mailer = config.mail.as_ref().map(|settings| Mailer::new(settings, &site)).transpose()?;
    let ports = Ports { store, accounts, search, relay, mailer: mailer.map(Arc::new) };
    let entrance = Rules { given: config.entrance, is_local: site::is_local(config, &addresses), site };
    let policy = Policy { rate_limits: config.rate_limits, retention: config.retention, entrance };
    let chat = tokio::select! {
        chat = Chat::start(ports, policy, &tasks) => chat?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let state = Arc::new(AppState {
        chat: chat.clone(),
        origins: Origins::new(config.public_url.as_ref(), &config.allow_origin, &addresses),
        cookie: SessionCookie::new(&chat.installation(), config.public_url.as_ref()),
        proxies: TrustedProxies::new(config.trusted_proxy.clone()),
        refusals: Refusals::default(),
        admission: Arc::new(Admission::new(connections, config.rate_limits)),
        connections: TaskTracker::new(),
        started,
    });
    let orders = match control::listen(&config.data_dir) {
        Ok(listener) => Some(tokio::spawn(control::serve(listener, chat.clone()))),
        // Some file systems have no sockets.
        Err(error) => {
            tracing::warn!("{error:#}; \"hiroba user\" works only while the server is stopped");
            None
        }
    };
    let router = router(state.clone()).await?;
    if let Err(error) = owner_link::tell(&chat, &config.data_dir).await {
        tracing::warn!("{error:#}; \"hiroba invite --owner\" makes the link of the owner");
    }
    for address in &addresses {
        tracing::info!("Hiroba is open: http://{address}");
    }

    let mut accepted = listen::accept(listeners, &tasks);
    let mut tidy = tokio::time::interval(TIDY_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            part = tasks.fault() => bail!("the {part} met a fault; start the server again, and report what stands above"),
            _ = tidy.tick() => state.admission.tidy(),
            next = accepted.recv() => match next {
                Some((stream, peer)) => {
                    let address = Some(peer.ip()).filter(|&address| !state.proxies.trusts(address));
                    let slot = state.admission.admit(address);
                    tokio::spawn(serve_http(stream, peer, slot, router.clone(), shutdown.clone()));
                }
                None => break,
            }
        }
    }

    drop(accepted);
    if let Some(orders) = orders {
        orders.abort();
    }
    tracing::info!("stopping");
    chat.close_all().await.context("the hub is gone")?;
    state.connections.close();
    if timeout(GOODBYE_WITHIN, state.connections.wait()).await.is_err() {
        tracing::info!(left = state.connections.len(), "some connections did not take their goodbye");
    }
    chat.stop().await.context("cannot store what was queued")?;
    Ok(())
}

/// Raises the limit of open files and returns the number of connections that it allows.
fn most_connections() -> usize {
    let limit = descriptors::raise();
    let most = descriptors::connections(limit, SPARE).min(CONNECTIONS);
    tracing::info!("up to {most} connections at once; this process may open {limit} files");
    if most < FEW_CONNECTIONS {
        tracing::warn!(
            "that is few: raise the hard limit of open files (ulimit -Hn, LimitNOFILE of systemd)"
        );
    }
    most
}

async fn serve_http(
    stream: TcpStream,
    peer: SocketAddr,
    slot: Slot,
    router: Router,
    shutdown: CancellationToken,
) {
    // The connection is already gone.
    let Ok(local) = stream.local_addr() else { return };
    let leave = match &slot {
        Slot::Regular(_) => None,
        Slot::Spare(spare) => Some(spare.leave.clone()),
    };
    let is_spare = leave.is_some();
    let slot = ConnectionSlot::new(slot);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(Local(local));
        request.extensions_mut().insert(slot.clone());
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEAD_BYTES)
        .keep_alive(!is_spare)
        .serve_connection(DeadlineStream::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let give_way = async {
        match leave {
            Some(leave) => drop(timeout(SPARE_WITHIN, leave.cancelled()).await),
            None => std::future::pending().await,
        }
    };
    // Broken requests and connections are not errors of the server.
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        () = give_way => return,
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "an HTTP connection ended early");
    }
}
