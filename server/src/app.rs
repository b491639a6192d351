//! Puts the parts together and runs them until the stop.

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

use crate::chat::Chat;
use crate::config::Config;
use crate::http::{Local, Origins, Peer, Refusals, Seat, Site, router};
use crate::relay::{LocalRelay, Relay};
use crate::store::sqlite::SqliteStore;
use crate::vital::Vital;
use crate::ws::{Admission, Line, Place, SPARE};
use crate::{descriptors, listen};

/// A request's headers must be complete within this time, from the first byte awaited.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Largest request head, in bytes. Several of these per idle HTTP connection would be memory for nothing.
const HEAD_BYTES: usize = 16 * 1024;
/// On a stop, connections have this long to take their goodbye; with the rest it stays within ten seconds.
const GOODBYE_WITHIN: Duration = Duration::from_secs(6);
/// Who has a spare place has this long for one request and its answer.
const SPARE_WITHIN: Duration = Duration::from_secs(2);
/// Connections of this node at once, as far as the system allows them.
const CONNECTIONS: usize = 100_000;
/// Where the system allows fewer, the operator is told how to change that.
const FEW_CONNECTIONS: usize = 1_000;
const TIDY_EVERY: Duration = Duration::from_mins(1);

/// Serves on `listeners` until `shutdown` is cancelled, then says goodbye to everybody and stores what is queued.
///
/// # Errors
/// The data folder cannot be used, or a part of the server met a fault.
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
/// As [`serve`].
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
    let vital = Vital::default();
    let chat = Chat::start(store, relay, config.rate_limits, config.retention, &vital).await?;
    let site = Arc::new(Site {
        chat: chat.clone(),
        origins: Origins::new(config.public_url.as_ref(), &config.allow_origin, &addresses),
        refusals: Refusals::default(),
        admission: Arc::new(Admission::new(connections, config.rate_limits)),
        connections: TaskTracker::new(),
        started,
    });
    let router = router(site.clone()).await?;
    for address in &addresses {
        tracing::info!("Hiroba is open: http://{address}");
    }

    let mut accepted = listen::accept(listeners, &vital);
    let mut tidy = tokio::time::interval(TIDY_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            part = vital.fault() => bail!("the {part} met a fault; start the server again, and report what stands above"),
            _ = tidy.tick() => site.admission.tidy(),
            next = accepted.recv() => match next {
                Some((stream, peer)) => {
                    let place = site.admission.admit(peer.ip());
                    tokio::spawn(serve_http(stream, peer, place, router.clone(), shutdown.clone()));
                }
                None => break,
            }
        }
    }

    drop(accepted);
    tracing::info!("stopping");
    chat.close_all().await.context("the hub is gone")?;
    site.connections.close();
    if timeout(GOODBYE_WITHIN, site.connections.wait()).await.is_err() {
        tracing::info!(left = site.connections.len(), "some connections did not take their goodbye");
    }
    chat.stop().await.context("cannot store what was queued")?;
    Ok(())
}

/// Raises the limit of the system and says what it is now.
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
    place: Place,
    router: Router,
    shutdown: CancellationToken,
) {
    // A connection that is gone already.
    let Ok(local) = stream.local_addr() else { return };
    let leave = match &place {
        Place::Regular(_) => None,
        Place::Spare(spare) => Some(spare.leave.clone()),
    };
    let is_spare = leave.is_some();
    let seat = Seat::new(place);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(Local(local));
        request.extensions_mut().insert(seat.clone());
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEAD_BYTES)
        .keep_alive(!is_spare)
        .serve_connection(Line::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let give_way = async {
        match leave {
            Some(leave) => drop(timeout(SPARE_WITHIN, leave.cancelled()).await),
            None => std::future::pending().await,
        }
    };
    // Broken requests and connections are the peer's affair.
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
