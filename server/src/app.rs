//! Connects the parts of the server and runs them until the stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts::Rules;
use crate::chat::{Chat, Policy, Ports};
use crate::config::{Config, DEFAULT_PORT};
use crate::critical_tasks::CriticalTasks;
use crate::edge::{Edge, Secure};
use crate::http::{
    AppState, Origins, Refusals, SecureAddress, SessionCookie, TrustedProxies, metrics_router, redirect,
    router,
};
use crate::mail::Mailer;
use crate::relay::{LocalRelay, Relay};
use crate::store::sqlite::SqliteStore;
use crate::tls::Tls;
use crate::ws::{Admission, SPARE};
use crate::{control, descriptors, listen, owner_link, site};

/// How long connections have to receive their close frame on a stop, so that the whole stop takes at most ten seconds.
const GOODBYE_WITHIN: Duration = Duration::from_secs(6);
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
    let open = |source| Tls::open(source, &config.data_dir).map(Arc::new);
    let tls = config.tls.as_ref().map(open).transpose()?;
    let certificates = tls.as_ref().map(|tls| tls.certificates().clone());
    let scheme = config.scheme();
    let site = site::of(config.public_url.as_ref(), scheme, &addresses);
    let mailer = config.mail.as_ref().map(|settings| Mailer::new(settings, &site)).transpose()?;
    let ports =
        Ports { store, accounts, search, relay, mailer: mailer.map(Arc::new), metrics: Arc::default() };
    let entrance = Rules { given: config.entrance, is_local: site::is_local(config, &addresses), site };
    let policy = Policy { rate_limits: config.rate_limits, retention: config.retention, entrance };
    let chat = tokio::select! {
        chat = Chat::start(ports, policy, &tasks) => chat?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let state = Arc::new(AppState {
        chat: chat.clone(),
        origins: Origins::new(config.public_url.as_ref(), &config.allow_origin, &addresses, certificates),
        cookie: SessionCookie::new(&chat.installation(), config.public_url.as_ref(), scheme),
        proxies: TrustedProxies::new(config.trusted_proxy.clone()),
        refusals: Refusals::default(),
        admission: Arc::new(Admission::new(connections, config.rate_limits)),
        connections: TaskTracker::new(),
        started,
        data_dir: config.data_dir.clone(),
    });
    let orders = match control::listen(&config.data_dir) {
        Ok(listener) => Some(tokio::spawn(control::serve(listener, chat.clone()))),
        // Some file systems have no sockets.
        Err(error) => {
            tracing::warn!("{error:#}; \"hiroba user\" works only while the server is stopped");
            None
        }
    };
    let edge = {
        let to = secure_address(config, &addresses);
        let secure = tls.clone().map(|tls| Secure { redirect: redirect(to, tls.challenges()), tls });
        Edge::new(router(state.clone(), config.public_url.as_ref()).await?, secure, shutdown.clone())
    };
    if let Some(tls) = tls {
        tasks.spawn("keeper of the certificate", async move { tls.keep_certificate().await });
    }
    if let Err(error) = owner_link::tell(&chat, &config.data_dir).await {
        tracing::warn!("{error:#}; \"hiroba invite --owner\" makes the link of the owner");
    }
    for address in addresses.iter().filter(|&&address| Some(address) != config.http_listen) {
        tracing::info!("Hiroba is open: {scheme}://{address}");
    }

    let (watchers, watcher_edge) = match config.metrics_listen {
        Some(address) => {
            let listener = listen::bind_metrics(address)?;
            tracing::info!("metrics are at http://{}/metrics", listener.local_addr()?);
            (vec![listener], Edge::new(metrics_router(state.clone()), None, shutdown.clone()))
        }
        None => (Vec::new(), edge.clone()),
    };
    let mut watchers = listen::accept(watchers, &tasks);
    let mut accepted = listen::accept(listeners, &tasks);
    let mut tidy = tokio::time::interval(TIDY_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            part = tasks.fault() => bail!("the {part} met a fault; start the server again, and report what stands above"),
            _ = tidy.tick() => state.admission.tidy(),
            Some((stream, peer)) = watchers.recv() => {
                let slot = state.admission.admit(Some(peer.ip()));
                tokio::spawn(watcher_edge.clone().serve(stream, peer, slot));
            }
            next = accepted.recv() => match next {
                Some((stream, peer)) => {
                    let address = Some(peer.ip()).filter(|&address| !state.proxies.trusts(address));
                    let slot = state.admission.admit(address);
                    tokio::spawn(edge.clone().serve(stream, peer, slot));
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

/// Where those are sent who come without TLS.
fn secure_address(config: &Config, addresses: &[SocketAddr]) -> SecureAddress {
    match &config.public_url {
        Some(url) if url.scheme() == "https" => SecureAddress::Public(url.clone()),
        _ => SecureAddress::SameHost { port: addresses.first().map_or(DEFAULT_PORT, SocketAddr::port) },
    }
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
